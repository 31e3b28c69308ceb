package class

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"lockstep/grader/internal/atomicfile"
	"lockstep/grader/internal/cache"
	"lockstep/grader/internal/class/roster"
	"lockstep/grader/internal/report"
)

// The names in the folder that results are written to.
const (
	runFile     = "class.json" // what was asked for
	resultsDir  = "results"    // a file for each student
	studentsDir = "students"   // a page for each student
	clonesDir   = "repos"      // our own bare clones
	unitsDir    = "units"      // results that the grader's cache does not keep
	lockFile    = ".lock"
)

// Run is what one run, or several that are merged, graded.
type Run struct {
	Format   int      `json:"format"`
	Course   string   `json:"course"`
	Key      string   `json:"key"` // of the chapters, their tests and the private ones
	Chapters []string `json:"chapters"`
	Private  bool     `json:"private"` // an instructor's own checks are among them
	Before   string   `json:"before,omitempty"`
	Shard    string   `json:"shard,omitempty"` // "2/4"
	Students []string `json:"students"`        // of the whole class, by id
	Lines    []string `json:"lines,omitempty"` // of the source, from which no student could be made
}

const runFormat = 1

// same says what makes two runs' results different things, "" for nothing.
func (r *Run) same(other *Run) string {
	switch {
	case r.Format != other.Format || r.Course != other.Course:
		return "another course"
	case !slices.Equal(r.Chapters, other.Chapters):
		return "other chapters (" + strings.Join(other.Chapters, " ") + ")"
	case r.Key != other.Key:
		return "other checks: a chapter, a hidden test or a private one is not the same"
	case r.Before != other.Before:
		return "another deadline"
	}
	return ""
}

// Out is the folder that results are written to. Every file in it is whole or not there.
type Out struct {
	dir    string
	unlock func()
}

// UsageError is a source, a folder or a part of a class that cannot be what it is given
// for. Next is what to give instead.
type UsageError struct{ What, Next string }

func (e *UsageError) Error() string { return e.What }

// OutError is a folder that cannot be written to any more. Next is what to do.
type OutError struct{ What, Next string }

func (e *OutError) Error() string { return e.What }

// OpenOut opens the folder for a run, which no other uses at the same time. What is in it
// must be results of the same run, an earlier try.
func OpenOut(dir string, run *Run) (*Out, error) {
	for _, sub := range []string{resultsDir, studentsDir} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o755); err != nil {
			return nil, &UsageError{fmt.Sprintf("--out %s cannot be written: %v", dir, errors.Unwrap(err)), "name a folder that is yours to write, or a new one"}
		}
	}
	unlock, err := cache.Lock(filepath.Join(dir, lockFile), false)
	switch {
	case errors.Is(err, errors.ErrUnsupported): // on Windows nothing is locked
		unlock = func() {}
	case err != nil:
		return nil, &UsageError{fmt.Sprintf("--out %s is being written by another run", dir), "wait for its end, or name another folder"}
	}
	at, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	o := &Out{dir: at, unlock: unlock}
	old, err := ReadRun(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		o.Close()
		return nil, &UsageError{fmt.Sprintf("--out %s: %v", dir, err), "name another folder"}
	case old.same(run) != "" || old.Shard != run.Shard:
		what := old.same(run)
		if what == "" {
			what = "another shard (" + old.Shard + ")"
		}
		o.Close()
		return nil, &UsageError{fmt.Sprintf("--out %s holds results of %s", dir, what), "name a new folder: what has not changed is not graded again"}
	}
	return o, nil
}

// Close lets others use the folder.
func (o *Out) Close() { o.unlock() }

// ReadRun reads what the results in dir are of. The error is fs.ErrNotExist for a folder
// without results.
func ReadRun(dir string) (*Run, error) {
	data, err := os.ReadFile(filepath.Join(dir, runFile))
	if err != nil {
		return nil, err
	}
	var r Run
	if err := json.Unmarshal(data, &r); err != nil {
		return nil, fmt.Errorf("%s is damaged: %w", runFile, err)
	}
	if r.Format != runFormat {
		return nil, fmt.Errorf("%s has format %d, this grader knows format %d", runFile, r.Format, runFormat)
	}
	for _, id := range r.Students { // they become names of files
		if err := roster.CheckID(id); err != nil {
			return nil, fmt.Errorf("%s: %w", runFile, err)
		}
	}
	return &r, nil
}

// putRun writes what the results are of.
func (o *Out) putRun(r *Run) error {
	return o.write(runFile, func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetIndent("", " ")
		return e.Encode(r)
	})
}

// put writes a student's result and page.
func (o *Out) put(m *report.Member) error {
	if err := o.write(filepath.Join(studentsDir, m.ID+".html"), func(w io.Writer) error { return report.MemberHTML(w, m) }); err != nil {
		return err
	}
	return o.write(resultFile(m.ID), func(w io.Writer) error { return report.MemberJSON(w, m) })
}

// get reads a student's result. The error is fs.ErrNotExist when there is none.
func (o *Out) get(id string) (*report.Member, error) { return readMember(o.dir, id) }

func readMember(dir, id string) (*report.Member, error) {
	f, err := os.Open(filepath.Join(dir, resultFile(id)))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	m, err := report.ReadMember(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name(), err)
	}
	if m.ID != id {
		return nil, fmt.Errorf("%s is the result of %s", f.Name(), m.ID)
	}
	return m, nil
}

func exists(dir, id string) bool {
	_, err := os.Lstat(filepath.Join(dir, resultFile(id)))
	return err == nil
}

func resultFile(id string) string { return filepath.Join(resultsDir, id+".json") }

// write replaces a file as a whole.
func (o *Out) write(name string, fill func(io.Writer) error) error {
	return atomicfile.Write(filepath.Join(o.dir, name), fill)
}
