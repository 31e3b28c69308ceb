//go:build grade && unix

package hidden

import (
	"errors"
	"syscall"
	"testing"
)

func needSignals(*testing.T) {}

// send sends a signal to one process, as kill(1) does.
func send(pid int, signal syscall.Signal) error { return syscall.Kill(pid, signal) }

// leftover describes a child that this process still has, or returns "". If it is a zombie
// there is one less after that.
func leftover() string {
	for {
		pid, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil)
		switch {
		case errors.Is(err, syscall.EINTR):
		case err != nil: // no child at all
			return ""
		case pid > 0:
			return "a zombie is left: a child has ended, and nobody has waited for it"
		default:
			return "a child is left that is still running, or has just been killed, and that nobody has waited for"
		}
	}
}

// openFiles counts the descriptors that this process has open.
func openFiles() int {
	n := 0
	for fd := range 1024 { // more than a check may have
		var stat syscall.Stat_t
		if syscall.Fstat(fd, &stat) == nil {
			n++
		}
	}
	return n
}
