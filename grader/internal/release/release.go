// Package release writes the student edition of a course: its chapters as they are
// handed out, without solutions and wrong answers, and the part of the grader that
// grades them.
package release

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"lockstep/grader/internal/course"
)

//go:embed grade.yml
var workflow []byte

//go:embed examples.yml
var workflowWithoutHidden []byte

// Options says what a student edition is to have.
type Options struct {
	WithoutHidden bool // leave the hidden tests out: who teaches the course grades
}

// ErrNotEmpty means that there is something already where the edition is to be.
var ErrNotEmpty = errors.New("is not empty")

// Write writes the student edition of c to dir, which must be empty or not be there.
func Write(c *course.Course, dir string, o Options) error {
	if c.Dir != c.Root {
		return fmt.Errorf("%s is only a part of the module in %s", c.Dir, c.Root)
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	if below, err := filepath.Rel(c.Root, dir); err == nil && filepath.IsLocal(below) {
		return fmt.Errorf("%s is inside of the course", dir)
	}
	entries, err := os.ReadDir(dir)
	switch {
	case err == nil && len(entries) > 0:
		return fmt.Errorf("%s %w", dir, ErrNotEmpty)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return err
	}
	e := edition{from: c.Root, to: dir}
	for _, name := range []string{"go.mod", "go.sum", "Makefile", "LICENSE", ".gitignore"} {
		e.copy(name)
	}
	e.readme()
	for i := range c.Chapters {
		e.chapter(&c.Chapters[i], o)
	}
	e.grader()
	if o.WithoutHidden {
		e.write(".github/workflows/examples.yml", workflowWithoutHidden)
	} else {
		e.write(".github/workflows/grade.yml", workflow)
	}
	return e.err
}

// edition is a student edition while it is written. After the first error its methods do
// nothing.
type edition struct {
	from, to string
	err      error
}

func (e *edition) write(name string, data []byte) {
	if e.err != nil {
		return
	}
	to := filepath.Join(e.to, filepath.FromSlash(name))
	if e.err = os.MkdirAll(filepath.Dir(to), 0o755); e.err == nil {
		e.err = os.WriteFile(to, data, 0o644)
	}
}

func (e *edition) copy(name string) {
	if e.err != nil {
		return
	}
	data, err := os.ReadFile(filepath.Join(e.from, filepath.FromSlash(name)))
	if err != nil {
		e.err = err
		return
	}
	e.write(name, data)
}

// tree copies the regular files below a folder that keep wants.
func (e *edition) tree(folder string, keep func(name string, dir bool) bool) {
	if e.err != nil {
		return
	}
	err := filepath.WalkDir(filepath.Join(e.from, filepath.FromSlash(folder)), func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		below, err := filepath.Rel(e.from, path)
		if err != nil {
			return err
		}
		name := filepath.ToSlash(below)
		switch {
		case d.IsDir() && !keep(name, true):
			return fs.SkipDir
		case d.Type().IsRegular() && keep(name, false):
			e.copy(name)
		}
		return e.err
	})
	if e.err == nil {
		e.err = err
	}
}

// readme copies the README without what it says to instructors.
func (e *edition) readme() {
	data, err := os.ReadFile(filepath.Join(e.from, "README.md"))
	if err != nil {
		e.err = errors.Join(e.err, err)
		return
	}
	if before, rest, found := bytes.Cut(data, []byte("\n## For instructors\n")); found {
		data = before
		if _, after, more := bytes.Cut(rest, []byte("\n## ")); more {
			data = slices.Concat(before, []byte("\n## "), after)
		}
	}
	e.write("README.md", data)
}

// chapter copies a chapter as it is handed out. Of its folder only what a chapter has is
// copied: an instructor's folder may hold an answer in progress.
func (e *edition) chapter(ch *course.Chapter, o Options) {
	at := "chapters/" + ch.ID
	for _, name := range ch.Manifest.Files {
		e.write(at+"/"+name, ch.Skeleton[name])
	}
	keep := []string{"README.md", "chapter.yaml", "hints.md", "example_test.go", "testdata"}
	if !o.WithoutHidden {
		keep = append(keep, "hidden")
	}
	e.tree(at, func(name string, dir bool) bool {
		below, ok := strings.CutPrefix(name, at+"/")
		first, _, _ := strings.Cut(below, "/")
		return !ok || slices.Contains(keep, first) && !dropping(name)
	})
}

// author are the parts of the grader that grade the course and the grader itself.
var author = []string{
	"grader/scripts", "grader/interleave/corpustest", "grader/internal/bench", "grader/internal/hostile",
	"grader/internal/synthetic", "grader/internal/testrun", "grader/slurm", "grader/author.mk",
}

// grader copies the grader without its tests.
func (e *edition) grader() {
	const demo = "grader/testdata/demo"
	e.tree("grader", func(name string, dir bool) bool {
		switch {
		case slices.Contains(author, name), dropping(name):
			return false
		case strings.HasPrefix(name, demo), name == "grader/testdata":
			return true
		case dir:
			return filepath.Base(name) != "testdata"
		}
		return !strings.HasPrefix(name, "grader/testdata/") && !strings.HasSuffix(name, "_test.go")
	})
}

// dropping reports whether a name is of what tools and systems leave about.
func dropping(name string) bool {
	base := filepath.Base(name)
	return strings.HasPrefix(base, ".") || strings.HasSuffix(base, "~") || strings.HasSuffix(base, ".test") || strings.HasSuffix(base, ".out")
}
