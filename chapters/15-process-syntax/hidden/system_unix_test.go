//go:build grade && unix

package hidden

import (
	"syscall"
	"testing"
)

// What stops a process where it is, and what lets it go on.
const (
	stopSignal = syscall.SIGSTOP
	goOnSignal = syscall.SIGCONT
)

// crowd leaves this process room for so many more open files, until leave is called.
func crowd(t *testing.T, room int) (leave func()) {
	t.Helper()
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatalf("the test cannot find the limit of open files: %v", err)
	}
	lower := limit
	lower.Cur = min(lower.Cur, 200)
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &lower); err != nil {
		t.Fatalf("the test cannot lower the limit of open files: %v", err)
	}
	var open []int
	for {
		fd, err := syscall.Open("/dev/null", syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
		if err != nil {
			break // there is no more room
		}
		open = append(open, fd)
	}
	for range min(room, len(open)) {
		syscall.Close(open[0])
		open = open[1:]
	}
	return func() {
		for _, fd := range open {
			syscall.Close(fd)
		}
		syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit)
	}
}
