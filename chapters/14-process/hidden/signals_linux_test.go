//go:build grade && linux

package hidden

import "syscall"

// otherSignals end a process that does not care, but not one in Go: one that has a name, and one
// that has none.
var otherSignals = []syscall.Signal{syscall.SIGUSR1, 40}
