//go:build unix

package wire

import "syscall"

// closeOnExec keeps the line from the processes that a check starts.
func closeOnExec(fd int) { syscall.CloseOnExec(fd) }
