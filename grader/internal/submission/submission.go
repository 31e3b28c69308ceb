// Package submission reads what a student hands in: from a chapter's folder the files
// that its manifest lists, and nothing else. It follows no symbolic link, leaves no
// folder, and reads no more than its caps.
package submission

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"lockstep/grader/internal/course"
)

// MaxFile caps one file, in bytes. The references are below 16 KiB.
const MaxFile = 256 << 10

// maxEntries caps how many names of a folder are looked at for notes.
const maxEntries = 200

// Work is what a student handed in for one chapter.
type Work struct {
	Files    map[string][]byte // by name, the manifest's names only
	Notes    []string          // what was left out, and why: a line each
	Problems []Problem         // why the chapter cannot be built
}

// Problem is one reason why handed-in files are not graded.
type Problem struct {
	File    string
	Message string // what is wrong, and what to do
	Refused bool   // it is no Go source at all, rather than one that does not build
}

// Tree is where a submission is read from. Names are paths with slashes.
type Tree interface {
	// File returns a regular file, or the first MaxFile+1 bytes of a larger one. Every
	// part of its path must be what it seems: a link is refused even when it stays inside.
	// The error is fs.ErrNotExist, or made by NotPlain, or says that nothing can be read.
	File(name string) ([]byte, error)
	// Names lists what a folder holds, not more than most names of it.
	Names(folder string, most int) []string
}

// Read reads the work on chapter from the checkout in dir.
// The error is for a checkout that cannot be read; what is wrong with single files is
// told in Work.Problems.
func Read(dir string, chapter *course.Chapter) (Work, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return Work{}, err
	}
	defer root.Close()
	return From(folder{root}, chapter), nil
}

// lfsPointer is how a file begins whose content Git LFS keeps elsewhere.
const lfsPointer = "version https://git-lfs.github.com/spec/"

// From reads the work on chapter from a tree.
func From(tree Tree, chapter *course.Chapter) Work {
	w := Work{Files: map[string][]byte{}}
	for _, name := range chapter.Manifest.Files {
		data, err := tree.File(path.Join(chapter.HandedIn(), name))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			w.add(name, "the file is missing; `grader reset "+chapter.ID+"` brings the skeleton back", false)
			continue
		case err != nil:
			w.add(name, err.Error(), true)
			continue
		case len(data) > MaxFile:
			w.add(name, fmt.Sprintf("the file is larger than %d KiB; an answer to this chapter is a few", MaxFile>>10), true)
			continue
		}
		w.Files[name] = data
		switch {
		case len(bytes.TrimSpace(data)) == 0:
			w.add(name, "the file is empty; `grader reset "+chapter.ID+"` brings the skeleton back", false)
		case bytes.HasPrefix(data, []byte(lfsPointer)):
			w.add(name, "the file is a pointer of Git LFS, its content is elsewhere: take it out of LFS and commit the file itself", true)
		case !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0:
			w.add(name, "the file is not UTF-8 text: Go source must be; save it as UTF-8", true)
		}
	}
	w.Notes = strangers(tree, chapter)
	return w
}

// NotPlain is the error for a path of which a part is of the wrong kind, "a symbolic link".
func NotPlain(name, part, kind string) error {
	if part == name {
		return fmt.Errorf("it is %s; only a regular file is graded", kind)
	}
	return fmt.Errorf("%s is %s; only a plain folder is graded", part, kind)
}

func (w *Work) add(file, message string, refused bool) {
	w.Problems = append(w.Problems, Problem{File: file, Message: message, Refused: refused})
}

// NotStarted reports whether the work is the chapter's skeleton, to the byte.
func (w *Work) NotStarted(chapter *course.Chapter) bool {
	if len(w.Problems) > 0 {
		return false
	}
	for name, skeleton := range chapter.Skeleton {
		if !bytes.Equal(w.Files[name], skeleton) {
			return false
		}
	}
	return true
}

// folder is the tree of a folder on disk.
type folder struct{ root *os.Root }

func (f folder) File(name string) ([]byte, error) {
	for at := name; at != "."; at = path.Dir(at) {
		info, err := f.root.Lstat(at)
		if err != nil {
			return nil, err
		}
		if at == name && !info.Mode().IsRegular() || at != name && !info.IsDir() {
			return nil, NotPlain(name, at, describe(info.Mode()))
		}
	}
	file, err := openRegular(f.root, name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, MaxFile+1))
}

func (f folder) Names(name string, most int) []string {
	dir, err := f.root.Open(name)
	if err != nil {
		return nil
	}
	defer dir.Close()
	names, _ := dir.Readdirnames(most)
	return names
}

func describe(mode fs.FileMode) string {
	switch {
	case mode&fs.ModeSymlink != 0:
		return "a symbolic link"
	case mode.IsDir():
		return "a folder"
	case mode.IsRegular():
		return "a file"
	}
	return "a device, pipe or socket"
}

// strangers names the Go files in the chapter's folder that are not graded.
func strangers(tree Tree, chapter *course.Chapter) []string {
	var notes []string
	for _, name := range tree.Names(chapter.HandedIn(), maxEntries) {
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") ||
			slices.Contains(chapter.Manifest.Files, name) {
			continue
		}
		notes = append(notes, fmt.Sprintf("%s is not graded: put your answer into %s",
			name, strings.Join(chapter.Manifest.Files, ", ")))
	}
	slices.Sort(notes)
	return notes
}
