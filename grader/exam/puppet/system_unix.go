//go:build unix

package puppet

import (
	"errors"
	"syscall"
	"testing"
)

func needSignals(testing.TB) {}

// Signal sends a signal to the process, and to no other of its group, as kill(1) does.
func (p *Puppet) Signal(signal syscall.Signal) error { return syscall.Kill(p.Pid, signal) }

// Leftover describes a child that this process still has, or returns "". If it is a zombie
// there is one less after that.
func Leftover() string {
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

// OpenFiles counts the descriptors that this process has open.
func OpenFiles() int {
	n := 0
	for fd := range 1024 { // more than a check may have
		var stat syscall.Stat_t
		if syscall.Fstat(fd, &stat) == nil {
			n++
		}
	}
	return n
}
