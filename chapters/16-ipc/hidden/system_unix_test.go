//go:build grade && unix

package hidden

import (
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// begin is where a check with real processes begins. When the check ends no process and no
// open file may be left of it; closes says who should have closed them. On Windows it skips.
func begin(t *testing.T, closes string) {
	t.Helper()
	// The runtime opens files of its own when it waits for the first pipe.
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
	w.Close()
	before := opened()
	t.Cleanup(func() {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, syscall.WNOHANG, nil)
		if err != syscall.ECHILD {
			t.Errorf("a process is left when the check has ended, alive or a zombie (wait4 = %d, %v)", pid, err)
		}
		if after := opened(); len(after) != len(before) && !t.Failed() {
			t.Errorf("open files = %d, want %d as before the check%s: %s", len(after), len(before), left(before, after), closes)
		}
	})
}

// Who should have closed what is open when a check has ended.
const (
	locksClosed     = "Close() was called for each FileLock, and a FileLock opens one file"
	mapsClosed      = "Map(path, size) leaves no file open"
	connsClosed     = "Close() was called for each Conn, and Start keeps no end that is the child's"
	dictsClosed     = "Close() was called for each Dict"
	listenersClosed = "Close() was called for each Dict and each listener, and Listen leaves nothing else open"
)

// openFiles counts the descriptors of this process.
func openFiles() int { return len(opened()) }

// opened returns the descriptors of this process, and of what kind they are.
func opened() map[int]string {
	const most = 256
	files := map[int]string{}
	var stat syscall.Stat_t
	for fd := range most {
		if syscall.Fstat(fd, &stat) != nil {
			continue
		}
		switch stat.Mode & syscall.S_IFMT {
		case syscall.S_IFREG:
			files[fd] = "a file"
		case syscall.S_IFIFO:
			files[fd] = "an end of a pipe"
		case syscall.S_IFSOCK:
			files[fd] = "a socket"
		default:
			files[fd] = "something else"
		}
	}
	return files
}

// left says of what kind is what is open now and was not before.
func left(before, after map[int]string) string {
	var kinds []string
	for fd, kind := range after {
		if before[fd] != kind && !slices.Contains(kinds, kind) {
			kinds = append(kinds, kind)
		}
	}
	if len(kinds) == 0 {
		return ""
	}
	slices.Sort(kinds)
	return " (left: " + strings.Join(kinds, ", ") + ")"
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

// makePipe makes a pipe that has a name.
func makePipe(path string) error { return syscall.Mkfifo(path, 0o600) }

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

// busy makes of the listener at path, which is this process's, one with little room for those who
// wait to be accepted. Accept lets all of them in; fill connects until there is no room, and
// reports whether it has come so far.
func busy(t *testing.T, path string) (accept func(), fill func() bool) {
	t.Helper()
	const most = 256
	owner := -1
	for fd := range most {
		name, err := syscall.Getsockname(fd)
		if socket, ok := name.(*syscall.SockaddrUnix); err == nil && ok && socket.Name == path {
			owner = fd
		}
	}
	if owner < 0 {
		t.Fatal("Listen(path) has returned no error, and no socket of this process is at path")
	}
	must(t, "listen(2)", syscall.Listen(owner, 2))
	var open []int
	t.Cleanup(func() {
		for _, fd := range open {
			syscall.Close(fd)
		}
	})
	accept = func() {
		for {
			fd, _, err := syscall.Accept(owner)
			if err != nil {
				return
			}
			syscall.CloseOnExec(fd)
			open = append(open, fd)
		}
	}
	fill = func() bool {
		for range 100 {
			fd, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
			must(t, "socket(2)", err)
			syscall.CloseOnExec(fd)
			open = append(open, fd)
			must(t, "fcntl(2)", syscall.SetNonblock(fd, true))
			if err := syscall.Connect(fd, &syscall.SockaddrUnix{Name: path}); err != nil {
				return err == syscall.EAGAIN
			}
		}
		return false
	}
	return accept, fill
}
