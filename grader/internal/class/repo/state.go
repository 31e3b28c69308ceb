package repo

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"lockstep/grader/internal/submission"
)

// State is one commit of a repository: the tree that is graded. It reads through the
// Reader that it came from. It is a [submission.Tree].
type State struct {
	Commit string    // its full hash
	Time   time.Time // when its committer says that it was made
	Odd    bool      // a commit before it says that it was made after the deadline

	reader *Reader
	root   string                      // the id of its tree
	trees  map[string]map[string]entry // by folder, what was looked at
}

// maxHistory bounds how many commits are walked.
const maxHistory = 100_000

// commit is what a commit object says.
type commit struct {
	tree, parent string
	time         time.Time
}

// State returns the last state of the branch that was fetched or, with a deadline, the
// last that says that it was made before it: along first parents, for a branch that
// was merged was not the student's main line. The date is the committer's word.
func (r *Reader) State(deadline time.Time) (*State, error) {
	name := graded
	for range maxHistory {
		id, data, err := r.object(name, "commit", maxCommit)
		if err != nil {
			return nil, err
		}
		c, err := parseCommit(data)
		if err != nil {
			return nil, err
		}
		if deadline.IsZero() || !c.time.After(deadline) {
			s := &State{Commit: id, Time: c.time, reader: r, root: c.tree, trees: map[string]map[string]entry{}}
			s.Odd = !deadline.IsZero() && r.lateBefore(c.parent, deadline)
			return s, nil
		}
		if c.parent == "" {
			return nil, errors.New("it has no commit from before the deadline")
		}
		name = c.parent
	}
	return nil, errors.New("its history is too long to be read")
}

// lateBefore reports whether a commit that comes before a timely one says that it was
// made after the deadline: a clock was wrong, or a date is not true.
func (r *Reader) lateBefore(name string, deadline time.Time) bool {
	for range maxHistory {
		if name == "" {
			return false
		}
		_, data, err := r.object(name, "commit", maxCommit)
		if err != nil {
			return false // the history ends here
		}
		c, err := parseCommit(data)
		if err != nil {
			return false
		}
		if c.time.After(deadline) {
			return true
		}
		name = c.parent
	}
	return false
}

func parseCommit(data []byte) (c commit, err error) {
	head, _, _ := bytes.Cut(data, []byte("\n\n"))
	for line := range strings.SplitSeq(string(head), "\n") {
		key, value, _ := strings.Cut(line, " ")
		switch {
		case key == "tree" && c.tree == "":
			c.tree = value
		case key == "parent" && c.parent == "":
			c.parent = value
		case key == "committer":
			fields := strings.Fields(value)
			if len(fields) < 2 {
				break
			}
			if seconds, err := strconv.ParseInt(fields[len(fields)-2], 10, 64); err == nil {
				c.time = time.Unix(seconds, 0).UTC()
			}
		}
	}
	if c.tree == "" || c.time.IsZero() {
		return c, errors.New("a commit in the repository is damaged")
	}
	return c, nil
}

// folder returns the entries of a folder. whole is the path that it is looked at for.
func (s *State) folder(name, whole string) (map[string]entry, error) {
	if known, ok := s.trees[name]; ok {
		return known, nil
	}
	id := s.root
	if name != "." {
		above, err := s.folder(path.Dir(name), whole)
		if err != nil {
			return nil, err
		}
		e, ok := above[path.Base(name)]
		switch {
		case !ok:
			return nil, fs.ErrNotExist
		case e.mode != modeTree:
			return nil, submission.NotPlain(whole, name, e.describe())
		}
		id = e.id
	}
	_, data, err := s.reader.object(id, "tree", maxTree)
	if err != nil {
		return nil, unreadable(name, err)
	}
	entries, err := parseTree(data, len(id)/2)
	if err != nil {
		return nil, err
	}
	s.trees[name] = entries
	return entries, nil
}

// File returns a regular file as [submission.Tree] wants it.
func (s *State) File(name string) ([]byte, error) {
	entries, err := s.folder(path.Dir(name), name)
	if err != nil {
		return nil, err
	}
	e, ok := entries[path.Base(name)]
	switch {
	case !ok:
		return nil, fs.ErrNotExist
	case !strings.HasPrefix(e.mode, modeRegular):
		return nil, submission.NotPlain(name, name, e.describe())
	}
	_, data, err := s.reader.object(e.id, "blob", submission.MaxFile+1)
	if err != nil {
		return nil, unreadable(name, err)
	}
	return data, nil
}

// unreadable is the error for an object that should be there.
func unreadable(name string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s is missing from the repository's objects", name)
	}
	return err
}

// Names lists what a folder holds, not more than most names of it.
func (s *State) Names(folder string, most int) []string {
	entries, err := s.folder(folder, folder)
	if err != nil {
		return nil
	}
	names := slices.Sorted(maps.Keys(entries))
	return names[:min(most, len(names))]
}

// Err returns why the objects could not be read on, nil when they could.
func (s *State) Err() error { return s.reader.broken }
