//go:build grade && !linux

package hidden

import "syscall"

// There is nothing like it here: a process in Go dies of the few signals that Go lets it die of.
var otherSignals []syscall.Signal
