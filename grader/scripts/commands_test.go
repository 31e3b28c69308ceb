package scripts

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// exits runs a program that must exit with a code:
//
//	exits 2 grader grade nonsense
//
// The program is told the name that the script uses, so that what it prints of itself
// does not depend on where it is.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits code program [arg...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec("sh", append([]string{"-c", `exec "$@"`, "sh"}, args[1:]...)...)
	var failed *exec.ExitError
	switch {
	case errors.As(err, &failed):
		if got := failed.ExitCode(); got != want {
			ts.Fatalf("%s: want exit status %d", failed.ProcessState, want)
		}
	case err != nil:
		ts.Fatalf("%v", err)
	case want != 0:
		ts.Fatalf("exit status 0: want %d", want)
	}
}

// course copies the checkout, without what only the grader's authors use, to a folder
// that the script may change:
//
//	course copy
func (w *world) course(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: course dir")
	}
	to := ts.MkAbs(args[0])
	left := []string{".git", ".lockstep", "bin", "grader/scripts", "grader/interleave/testdata", "grader/interleave/corpustest"}
	ts.Check(filepath.WalkDir(w.root, func(from string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		below, err := filepath.Rel(w.root, from)
		if err != nil {
			return err
		}
		switch {
		case slices.Contains(left, filepath.ToSlash(below)) && d.IsDir():
			return fs.SkipDir
		case slices.Contains(left, filepath.ToSlash(below)): // a worktree's .git is a file
			return nil
		case d.IsDir():
			return os.MkdirAll(filepath.Join(to, below), 0o755)
		case !d.Type().IsRegular(), strings.HasSuffix(below, ".test"):
			return nil
		}
		data, err := os.ReadFile(from)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, below), data, 0o644)
	}))
}

// programs makes a folder with links to some of the machine's programs, to be a PATH
// on which others are missing:
//
//	programs bin go sh make
func programs(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: programs dir name...")
	}
	dir := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(dir, 0o755))
	for _, name := range args[1:] {
		path, err := exec.LookPath(name)
		ts.Check(err)
		ts.Check(os.Symlink(path, filepath.Join(dir, name)))
	}
}

// size gives a file that many bytes, text at the beginning and spaces after it: what
// is too large for a script.
//
//	size 10000000 chapters/01-steps/steps.go
func size(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: size bytes file")
	}
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	file := ts.MkAbs(args[1])
	data, err := os.ReadFile(file)
	ts.Check(err)
	ts.Check(os.WriteFile(file, append(data, bytes.Repeat([]byte(" "), max(n-len(data), 0))...), 0o644))
}
