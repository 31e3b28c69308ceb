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

// Request is what to make ready.
type Request struct {
	Root    string               // the course's module
	Folder  string               // the chapter's, below the root, with slashes
	Files   map[string][]byte    // the answer, by name
	Private map[string][]byte    // tests beside the hidden ones that are not in the course, by name
	Deps    []rewrite.Dependency // the packages that it and the tests may import, compiled
}

// Stage is a chapter that is ready to build, or why it is not.
type Stage struct {
	Overlay    string            // overlay file for the graded binary: everything rewritten
	VetOverlay string            // overlay file for go vet: the student's text as it is
	Tests      map[string][]byte // the hidden tests as they were written, by name

	Diagnostics []gotest.Diagnostic // why the code does not compile
	Refusals    []gotest.Diagnostic // what no schedule could be explored of
}

// Make stages an answer. What it writes is below work and must stay until the build has
// ended. It parses and type-checks code that may be made to keep it busy for ever:
// Run does the same in a process under limits.
func Make(q Request, work string) (*Stage, error) {
	o := newOverlay(q.Root, work)
	if err := o.hideStrangers(q.Folder); err != nil {
		return nil, err
	}
	for name, data := range q.Files {
		if err := o.replace(filepath.Join(q.Folder, name), data); err != nil {
			return nil, err
		}
	}
	s := &Stage{}
	var err error
	if s.VetOverlay, err = o.write("vet.json"); err != nil {
		return nil, err
	}
	hidden, err := readPackage(q.Root, q.Folder+"/hidden")
	if err != nil {
		return nil, err
	}
	maps.Copy(hidden.Files, q.Private)
	s.Tests = maps.Clone(hidden.Files)
	if err := wrapChecks(hidden.Files); err != nil {
		return nil, err
	}
	if err := s.instrument(q, hidden, o); err != nil || s.Diagnostics != nil || s.Refusals != nil {
		return s, err
	}
	s.Overlay, err = o.write("overlay.json")
	return s, err
}

// instrument rewrites the answer, its hidden tests and package exam into the overlay.
func (s *Stage) instrument(q Request, hidden rewrite.Package, o *overlay) error {
	// The copies of x/sync packages stand below the grader's own folder, where nothing
	// on disk can be in their way.
	r := rewrite.New(rewrite.Config{
		Dependencies: q.Deps,
		CopyPath:     course.Name + "/grader/interleave/rt/xsync",
		CopyDir:      filepath.Join(q.Root, "grader", "interleave", "rt", "xsync"),
	})
	exam, err := readPackage(q.Root, "grader/exam")
	if err != nil {
		return err
	}
	answer := rewrite.Package{Path: course.Name + "/" + q.Folder, Dir: filepath.Join(q.Root, filepath.FromSlash(q.Folder)), Files: q.Files, Restarts: true}
	for _, p := range []rewrite.Package{exam, answer, hidden} {
		result, err := r.Rewrite(p, rewrite.Control)
		if found := diagnostics(q.Root, err); len(found) > 0 && p.Path != exam.Path {
			s.Diagnostics = found
			return nil
		}
		if err != nil {
			return err
		}
		if len(result.Refusals) > 0 {
			if p.Path != answer.Path {
				return fmt.Errorf("%s: %s", p.Path, result.Refusals[0])
			}
			s.Refusals = refusals(q.Folder, result.Refusals)
			return nil
		}
		dir, err := filepath.Rel(q.Root, p.Dir)
		if err != nil {
			return err
		}
		for name, data := range result.Files {
			if err := o.replace(filepath.Join(dir, name), data); err != nil {
				return err
			}
		}
	}
	for path, data := range r.Copies() {
		name, err := filepath.Rel(q.Root, path)
		if err != nil {
			return err
		}
		if err := o.replace(name, data); err != nil {
			return err
		}
	}
	return nil
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
func (o *overlay) hideStrangers(folder string) error {
	dir := filepath.Join(o.dir, filepath.FromSlash(folder))
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
