package class

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"lockstep/grader/internal/class/archive"
	"lockstep/grader/internal/class/repo"
	"lockstep/grader/internal/course"
	"lockstep/grader/internal/submission"
)

// handedIn is what one student handed in: all that is kept of it.
type handedIn struct {
	works     []submission.Work // by chapter, in their order
	commit    string            // "" outside a repository
	branch    string
	submitted time.Time // what the commit says
	flags     []string
}

// reader reads what students handed in.
type reader struct {
	chapters []course.Chapter
	wanted   archive.Wanted
	git      func() (*repo.Git, error)
	clones   string // where our own bare clones are
	before   time.Time
	branch   string
}

// Wanted lists the files of the chapters that are graded.
func Wanted(chapters []course.Chapter) archive.Wanted {
	w := archive.Wanted{}
	for i := range chapters {
		for _, name := range chapters[i].Manifest.Files {
			w[chapters[i].HandedIn()+"/"+name] = true
		}
	}
	return w
}

// read reads the work of a student. The error is why nothing can be graded of it.
func (r *reader) read(ctx context.Context, e Entry) (*handedIn, error) {
	if e.Trouble != "" {
		return nil, errors.New(e.Trouble)
	}
	if repo.IsRemote(e.Where) {
		return r.fromRepository(ctx, e)
	}
	info, err := os.Lstat(e.Where)
	switch {
	case err != nil:
		return nil, fmt.Errorf("there is nothing at %s", e.Where)
	case info.Mode().IsRegular() && archive.Is(e.Where):
		return r.fromArchive(e.Where)
	case !info.IsDir():
		return nil, fmt.Errorf("%s is neither a folder nor an archive", e.Where)
	}
	git, err := repo.Dir(e.Where)
	if err != nil {
		return nil, err
	}
	if git != "" {
		return r.fromRepository(ctx, e)
	}
	at, err := locate(e.Where)
	if err != nil {
		return nil, err
	}
	if archive.Is(at) {
		return r.fromArchive(at)
	}
	return r.fromFolder(at)
}

// maxNesting is how deep platforms and archives bury a submission in folders.
const maxNesting = 4

// locate finds the submission in a folder: the folder itself, or the only folder or
// archive in it.
func locate(dir string) (string, error) {
	for range maxNesting {
		entries, err := os.ReadDir(dir)
		if err != nil {
			return "", err
		}
		var inner []string
		for _, e := range entries {
			switch {
			case e.Name() == "chapters":
				return dir, nil
			case strings.HasPrefix(e.Name(), ".") || e.Name() == "__MACOSX":
			case e.IsDir() || e.Type().IsRegular() && archive.Is(e.Name()):
				inner = append(inner, filepath.Join(dir, e.Name()))
			}
		}
		if len(inner) != 1 {
			break
		}
		if archive.Is(inner[0]) && !isDir(inner[0]) {
			return inner[0], nil
		}
		dir = inner[0]
	}
	return "", errors.New("it has no chapters/ in it")
}

func (r *reader) fromFolder(dir string) (*handedIn, error) {
	h := &handedIn{}
	for i := range r.chapters {
		w, err := submission.Read(dir, &r.chapters[i])
		if err != nil {
			return nil, err
		}
		h.works = append(h.works, w)
	}
	return r.dated(h)
}

func (r *reader) fromArchive(file string) (*handedIn, error) {
	tree, err := archive.Read(file, r.wanted)
	if err != nil {
		return nil, err
	}
	return r.dated(r.fromTree(tree))
}

func (r *reader) fromTree(tree submission.Tree) *handedIn {
	h := &handedIn{}
	for i := range r.chapters {
		h.works = append(h.works, submission.From(tree, &r.chapters[i]))
	}
	return h
}

// dated finishes work that has no history.
func (r *reader) dated(h *handedIn) (*handedIn, error) {
	if !r.before.IsZero() {
		h.flags = append(h.flags, "no history: graded as it stands")
	}
	return h, h.empty()
}

// empty is the error for work that has nothing to do with the chapters.
func (h *handedIn) empty() error {
	for _, w := range h.works {
		if len(w.Files) > 0 {
			return nil
		}
		for _, p := range w.Problems {
			if p.Refused {
				return nil // something is there, if not what may be handed in
			}
		}
	}
	return errors.New("it has none of the files that are graded: is it a copy of this course?")
}

func (r *reader) fromRepository(ctx context.Context, e Entry) (*handedIn, error) {
	git, err := r.git()
	if err != nil {
		return nil, err
	}
	branch := r.branch
	if e.Branch != "" {
		branch = e.Branch
	}
	clone := filepath.Join(r.clones, e.ID+".git")
	if err := git.Fetch(ctx, clone, repo.Source{Where: e.Where, Branch: branch, History: !r.before.IsZero()}); err != nil {
		return nil, err
	}
	objects, err := git.Read(ctx, clone)
	if err != nil {
		return nil, err
	}
	defer objects.Close()
	state, err := objects.State(r.before)
	if err != nil {
		return nil, err
	}
	h := r.fromTree(state)
	if err := state.Err(); err != nil {
		return nil, err // of what could not be read nothing may be said
	}
	h.commit, h.branch, h.submitted = state.Commit, branch, state.Time
	if state.Odd {
		h.flags = append(h.flags, "a commit dated after the deadline comes before the graded one")
	}
	return h, h.empty()
}
