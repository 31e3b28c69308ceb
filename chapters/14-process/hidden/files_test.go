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
			defer puppet.LimitFiles(s.t, room)()
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
