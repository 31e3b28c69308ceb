//go:build grade && unix

package hidden

import "syscall"

// What stops a process where it is, and what lets it go on.
const (
	stopSignal = syscall.SIGSTOP
	goOnSignal = syscall.SIGCONT
)
