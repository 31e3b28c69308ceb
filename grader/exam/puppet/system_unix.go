//go:build unix

package puppet

import (
	"errors"
	"os"
	"syscall"
	"testing"
)

func needSignals(testing.TB) {}

// Signal sends a signal to the process, and to no other of its group, as kill(1) does.
func (p *Puppet) Signal(signal syscall.Signal) error { return syscall.Kill(p.Pid, signal) }

// OwnGroup is for a process that is to be the first of a process group of its own.
func OwnGroup() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

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

// LimitFiles leaves this process room for so many more open files, until the function that it
// returns is called.
func LimitFiles(t testing.TB, room int) (back func()) {
	t.Helper()
	var usual syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &usual); err != nil {
		t.Fatalf("the test cannot find the limit of open files: %v", err)
	}
	lower := usual
	lower.Cur = min(lower.Cur, 256) // so that a few files are enough to fill it
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &lower); err != nil {
		t.Fatalf("the test cannot lower the limit of open files: %v", err)
	}
	var taken []int
	for {
		fd, err := syscall.Open(os.DevNull, syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
		if err != nil {
			break // there is no more room
		}
		taken = append(taken, fd)
	}
	for range min(room, len(taken)) {
		syscall.Close(taken[0])
		taken = taken[1:]
	}
	return func() {
		for _, fd := range taken {
			syscall.Close(fd)
		}
		syscall.Setrlimit(syscall.RLIMIT_NOFILE, &usual)
	}
}
