//go:build grade && unix

package hidden

import (
	"syscall"
	"testing"
)

const maxDescriptors = 256 // more than a check has

// nobodyLeft checks that this process has no child any more, not even a dead one.
func nobodyLeft(t *testing.T, when string) {
	t.Helper()
	var status syscall.WaitStatus
	pid, err := syscall.Wait4(-1, &status, syscall.WNOHANG, nil)
	for err == syscall.EINTR {
		pid, err = syscall.Wait4(-1, &status, syscall.WNOHANG, nil)
	}
	switch {
	case err == syscall.ECHILD:
	case err != nil:
		t.Errorf("wait4: %v", err)
	case pid == 0:
		t.Errorf("a worker process is still alive, want none: %s", when)
	default:
		t.Errorf("a worker process is a zombie, want none: it has ended and nobody has waited for it: %s", when)
	}
}

// openPipes returns how many ends of pipes this process has open. Other descriptors do not
// count: whoever has sent a signal may still hold one that stands for the process.
func openPipes() (open int) {
	var stat syscall.Stat_t
	for fd := range maxDescriptors {
		if syscall.Fstat(fd, &stat) == nil && stat.Mode&syscall.S_IFMT == syscall.S_IFIFO {
			open++
		}
	}
	return open
}
