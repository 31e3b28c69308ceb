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

// Read reads the work on chapter from the checkout in dir.
// The error is for a checkout that cannot be read; what is wrong with single files is
// told in Work.Problems.
func Read(dir string, chapter *course.Chapter) (Work, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return Work{}, err
	}
	defer root.Close()
	w := Work{Files: map[string][]byte{}}
	for _, name := range chapter.Manifest.Files {
		data, problem := readFile(root, path.Join(chapter.HandedIn(), name))
		if problem != nil {
			if errors.Is(problem, fs.ErrNotExist) {
				w.add(name, "the file is missing; `grader reset "+chapter.ID+"` brings the skeleton back", false)
			} else {
				w.add(name, problem.Error(), true)
			}
			continue
		}
		w.Files[name] = data
		switch {
		case len(bytes.TrimSpace(data)) == 0:
			w.add(name, "the file is empty; `grader reset "+chapter.ID+"` brings the skeleton back", false)
		case !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0:
			w.add(name, "the file is not UTF-8 text: Go source must be; save it as UTF-8", true)
		}
	}
	w.Notes = strangers(root, chapter)
	return w, nil
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

// readFile reads a regular file of at most MaxFile bytes. Every part of its path must
// be what it seems: a link is refused even when it stays inside.
func readFile(root *os.Root, name string) ([]byte, error) {
	for at := name; at != "."; at = path.Dir(at) {
		info, err := root.Lstat(at)
		if err != nil {
			return nil, err
		}
		if at == name && !info.Mode().IsRegular() {
			return nil, fmt.Errorf("it is %s; only a regular file is graded", describe(info.Mode()))
		}
		if at != name && !info.IsDir() {
			return nil, fmt.Errorf("%s is %s; only a plain folder is graded", at, describe(info.Mode()))
		}
	}
	f, err := openRegular(root, name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, MaxFile+1))
	if err != nil {
		return nil, err
	}
	if len(data) > MaxFile {
		return nil, fmt.Errorf("the file is larger than %d KiB; an answer to this chapter is a few", MaxFile>>10)
	}
	return data, nil
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
func strangers(root *os.Root, chapter *course.Chapter) []string {
	dir, err := root.Open(chapter.HandedIn())
	if err != nil {
		return nil
	}
	defer dir.Close()
	entries, _ := dir.ReadDir(maxEntries)
	var notes []string
	for _, e := range entries {
		name := e.Name()
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
