//go:build grade && unix

package hidden

import (
	"os"
	"syscall"
	"testing"
)

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

// lowest returns the lowest descriptor that is free.
func lowest(t *testing.T) int {
	t.Helper()
	f, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatalf("%v", err)
	}
	defer f.Close()
	return int(f.Fd())
}
