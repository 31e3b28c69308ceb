package exam

import (
	"bytes"
	"os"

	"golang.org/x/sys/unix"
)

// startedAgain reports whether this program's parent is this program: a test has
// started itself, and nothing in TestMain has taken the child for what it was to be.
func startedAgain() bool {
	own, ok := executable(os.Getpid())
	theirs, known := executable(os.Getppid())
	return ok && known && own == theirs
}

// executable returns the path that a process was started with. The kernel puts it, after
// a count of four bytes, before the arguments.
func executable(pid int) (path string, ok bool) {
	data, err := unix.SysctlRaw("kern.procargs2", pid)
	if err != nil || len(data) < 4 {
		return "", false
	}
	name, _, ok := bytes.Cut(data[4:], []byte{0})
	return string(name), ok
}
