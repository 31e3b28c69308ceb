// Package stage makes a chapter ready to build: the pristine course, the student's
// files and the instrumentation, joined by an overlay. Nothing is copied into the
// course and nothing else of a submission reaches the go command.
package stage

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"lockstep/grader/interleave/rewrite"
	"lockstep/grader/internal/course"
	"lockstep/grader/internal/gotest"
)

// Stage is a chapter that is ready to build.
type Stage struct {
	Overlay    string            // overlay file for the graded binary: everything rewritten
	VetOverlay string            // overlay file for go vet: the student's text as it is
	Tests      map[string][]byte // the hidden tests as they were written, by name
	Weaker     []string          // what cannot be explored, with its line: the chapter is then rewritten to yield only
}

// Make stages files as the answer to ch. What it writes is below work, which must be
// empty and stay until the build has ended. Diagnostics say why the code does not
// compile; an error, why nothing is known.
func Make(c *course.Course, ch *course.Chapter, files map[string][]byte, deps []rewrite.Dependency, work string) (*Stage, []gotest.Diagnostic, error) {
	o := newOverlay(c.Root, work)
	if err := o.hideStrangers(ch); err != nil {
		return nil, nil, err
	}
	for name, data := range files {
		if err := o.replace(filepath.Join(ch.Folder, name), data); err != nil {
			return nil, nil, err
		}
	}
	s := &Stage{}
	var err error
	if s.VetOverlay, err = o.write("vet.json"); err != nil {
		return nil, nil, err
	}

	// The copies of x/sync packages stand below the grader's own folder, where nothing
	// on disk can be in their way.
	r := rewrite.New(rewrite.Config{
		Dependencies: deps,
		CopyPath:     course.Name + "/grader/interleave/rt/xsync",
		CopyDir:      filepath.Join(c.Root, "grader", "interleave", "rt", "xsync"),
	})
	exam, err := readPackage(c.Root, "grader/exam")
	if err != nil {
		return nil, nil, err
	}
	hidden, err := readPackage(c.Root, ch.Folder+"/hidden")
	if err != nil {
		return nil, nil, err
	}
	s.Tests = maps.Clone(hidden.Files)
	if err := beginChecks(hidden.Files); err != nil {
		return nil, nil, err
	}
	answer := rewrite.Package{Path: ch.PackagePath(), Dir: filepath.Join(c.Root, filepath.FromSlash(ch.Folder)), Files: files}
	for _, p := range []rewrite.Package{exam, answer, hidden} {
		result, err := r.Rewrite(p, rewrite.Control)
		if found := diagnostics(c.Root, err); len(found) > 0 && p.Path != exam.Path {
			return nil, found, nil
		}
		if err != nil {
			return nil, nil, err
		}
		if len(result.Refusals) > 0 {
			if p.Path != answer.Path {
				return nil, nil, fmt.Errorf("%s: %s", p.Path, result.Refusals[0])
			}
			for _, refusal := range result.Refusals {
				s.Weaker = append(s.Weaker, refusal.String())
			}
			if result, err = r.Rewrite(p, rewrite.Yield); err != nil {
				return nil, nil, err
			}
		}
		dir, err := filepath.Rel(c.Root, p.Dir)
		if err != nil {
			return nil, nil, err
		}
		for name, data := range result.Files {
			if err := o.replace(filepath.Join(dir, name), data); err != nil {
				return nil, nil, err
			}
		}
	}
	for path, data := range r.Copies() {
		name, err := filepath.Rel(c.Root, path)
		if err != nil {
			return nil, nil, err
		}
		if err := o.replace(name, data); err != nil {
			return nil, nil, err
		}
	}
	s.Overlay, err = o.write("overlay.json")
	return s, nil, err
}

// readPackage reads the package that the grader's builds compile from a folder of the
// course: for a hidden package its tests, for others all but tests.
func readPackage(dir, folder string) (rewrite.Package, error) {
	p := rewrite.Package{Path: course.Name + "/" + folder, Dir: filepath.Join(dir, filepath.FromSlash(folder)), Files: map[string][]byte{}}
	names, err := buildFiles(p.Dir, strings.HasSuffix(folder, "/hidden"))
	if err != nil {
		return p, err
	}
	for _, name := range names {
		data, err := os.ReadFile(filepath.Join(p.Dir, name))
		if err != nil {
			return p, err
		}
		p.Files[name] = data
	}
	return p, nil
}

// overlay collects replacements for a go command's -overlay file.
type overlay struct {
	dir, work string
	n         int
	replaced  map[string]string
}

func newOverlay(dir, work string) *overlay {
	return &overlay{dir: dir, work: work, replaced: map[string]string{}}
}

// replace makes the go command see data as the file name, a path below the course.
func (o *overlay) replace(name string, data []byte) error {
	o.n++
	// The base name stays: go vet prints it.
	file := filepath.Join(o.work, strconv.Itoa(o.n), filepath.Base(name))
	o.replaced[filepath.Join(o.dir, name)] = file
	if err := os.Mkdir(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	return os.WriteFile(file, data, 0o600)
}

// hideStrangers makes the go command see only those files of the chapter's package
// that the manifest lists.
func (o *overlay) hideStrangers(ch *course.Chapter) error {
	dir := filepath.Join(o.dir, filepath.FromSlash(ch.Folder))
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !e.IsDir() {
			switch filepath.Ext(e.Name()) {
			case ".go", ".s", ".S", ".c", ".h", ".cc", ".cpp", ".cxx", ".m", ".syso", ".f", ".swig", ".swigcxx":
				o.replaced[filepath.Join(dir, e.Name())] = ""
			}
		}
	}
	return nil
}

func (o *overlay) write(name string) (string, error) {
	data, err := json.Marshal(struct{ Replace map[string]string }{o.replaced})
	if err != nil {
		return "", err
	}
	path := filepath.Join(o.work, name)
	return path, os.WriteFile(path, data, 0o600)
}
