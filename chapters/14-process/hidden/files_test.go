//go:build grade

package hidden

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"lockstep/grader/exam"
	"lockstep/grader/exam/puppet"
)

// newFile opens a new file for reading and writing, until the end of the test.
func newFile(t *testing.T, name string) *os.File {
	t.Helper()
	f, err := os.OpenFile(filepath.Join(t.TempDir(), name), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		t.Fatalf("the test needs a file: %v", err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// content returns what is in a file.
func content(t *testing.T, f *os.File) string {
	t.Helper()
	all, err := os.ReadFile(f.Name())
	if err != nil {
		t.Fatal(err)
	}
	return string(all)
}

// stillOpen checks that the caller can go on writing to what is the caller's.
func stillOpen(t *testing.T, what string, w io.Writer, when string) {
	t.Helper()
	_, err := w.Write([]byte("more"))
	exam.Error(t, "Write of "+what+", which the caller uses again,", err, nil, when)
}

// lackFiles makes a call with room for no more open files, for one more, and so on, until it
// succeeds, and checks that it leaves none open. When says how much room that was.
func (s *stage) lackFiles(begin func() *call) (run *call, when string) {
	s.t.Helper()
	for room := 0; ; room++ {
		when := fmt.Sprintf("we had room for %d more open files", room)
		before := puppet.OpenFiles()
		func() {
			defer crowd(s.t, room)()
			run = begin()
			run.end(when)
		}()
		if run.err == nil {
			return run, when
		}
		const most = 100 // there is much more room than anybody needs
		if !exam.Error(s.t, run.what, run.err, syscall.EMFILE, when) || room == most ||
			!exam.Equal(s.t, "open files", puppet.OpenFiles(), before, fmt.Sprintf("there were so many before %s, which has returned the error %q: %s", run.what, run.err, when)) {
			s.t.FailNow() // once is enough
		}
	}
}

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
		fd, err := syscall.Open(os.DevNull, syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
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
