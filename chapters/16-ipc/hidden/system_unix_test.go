//go:build grade && unix

package hidden

import (
	"os"
	"syscall"
	"testing"
)

// begin is where a check with real processes begins. When the check ends no process and no
// open file may be left of it. On Windows it skips.
func begin(t *testing.T) {
	t.Helper()
	// The runtime opens files of its own when it waits for the first pipe.
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
	w.Close()
	before := openFiles()
	t.Cleanup(func() {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, syscall.WNOHANG, nil)
		if err != syscall.ECHILD {
			t.Errorf("a process is left when the check has ended, alive or a zombie (wait4 = %d, %v)", pid, err)
		}
		if after := openFiles(); after != before && !t.Failed() {
			t.Errorf("open files = %d, want %d as before the check: somebody does not close what he has opened", after, before)
		}
	})
}

// openFiles counts the descriptors of this process.
func openFiles() int {
	const most = 256
	n := 0
	var stat syscall.Stat_t
	for fd := range most {
		if syscall.Fstat(fd, &stat) == nil {
			n++
		}
	}
	return n
}

// dieNow is the end of this process in the midst of what it does.
func dieNow() {
	syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {}
}

// killed reports whether a process was ended by SIGKILL.
func killed(state *os.ProcessState) bool {
	status, ok := state.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == syscall.SIGKILL
}

// unmap reports whether memory was still mapped; now it is not.
func unmap(memory []byte) bool { return syscall.Munmap(memory) == nil }

// hold locks a file as any other program would, and returns what lets go of it.
func hold(t testing.TB, path string) (release func()) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err == nil {
		err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	}
	if err != nil {
		t.Fatalf("flock(%s) = error %q, want none: nobody holds it", path, err)
	}
	return func() { file.Close() }
}

// held reports whether anybody holds the lock of a file.
func held(path string) bool {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return false
	}
	defer file.Close()
	return syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == syscall.EWOULDBLOCK
}
