//go:build grade && !unix

package hidden

import "syscall"

// There is nothing like it here, and the checks skip.
const (
	stopSignal = syscall.SIGINT
	goOnSignal = syscall.SIGINT
)
