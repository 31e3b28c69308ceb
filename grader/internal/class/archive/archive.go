// Package archive reads submissions from zip and tar archives. Nothing is ever written to
// a place that an archive names, and no more is read than its caps: what is looked for
// are the few files that are graded.
package archive

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"

	"lockstep/grader/internal/submission"
)

// caps bound what is read of one archive.
type caps struct {
	entries   int   // files in it
	directory int64 // bytes of a zip's list of them, which is held in memory
	unpacked  int64 // bytes that a tar becomes, and that are read of a zip
}

var (
	ofStudent = caps{entries: 50_000, directory: 4 << 20, unpacked: 256 << 20}
	ofClass   = caps{entries: 2_000_000, directory: 16 << 20, unpacked: 64 << 30}
)

// tooMuch says that an archive becomes more than it could need to.
func (c caps) tooMuch() error {
	return fmt.Errorf("it unpacks to more than %d MiB: no submission needs that", c.unpacked>>20)
}

// tooMany says that it holds more files than it could need to.
func (c caps) tooMany() error {
	return fmt.Errorf("it holds more than %d files, or a list of them longer than %d MiB: no submission needs that", c.entries, c.directory>>20)
}

// Wanted lists the files that are graded, by their paths in a submission
// ("chapters/05-lock/lock.go").
type Wanted map[string]bool

var extension = regexp.MustCompile(`(?i)\.(zip|tar|tar\.gz|tgz)$`)

// Is reports whether a file's name is that of an archive.
func Is(name string) bool { return extension.MatchString(name) }

// Base is a file's name without what says that it is an archive.
func Base(name string) string { return extension.ReplaceAllString(name, "") }

// entry is a file in an archive.
type entry struct {
	name string // as the archive has it
	mode fs.FileMode
	open func() (io.ReadCloser, error) // valid until the next entry is asked for
}

// each calls f with every entry of the archive at file that is not a folder.
func each(file string, c caps, f func(entry) error) error {
	if strings.EqualFold(path.Ext(file), ".zip") {
		return eachZip(file, c, f)
	}
	return eachTar(file, c, f)
}

// local returns an entry's name as a path inside the archive. One that leads out of it
// makes the whole archive no submission.
func local(name string) (string, error) {
	name = strings.ReplaceAll(name, `\`, "/") // some zips from Windows
	if !fs.ValidPath(path.Clean(name)) || slices.Contains(strings.Split(name, "/"), "..") {
		return "", fmt.Errorf("it has a file %.100q, which is outside of it", name)
	}
	return path.Clean(name), nil
}

// inSubmission splits a path into what stands before a submission's chapters/ and the
// path from there.
func inSubmission(name string) (before, rest string, ok bool) {
	if strings.HasPrefix(name, "chapters/") {
		return "", name, true
	}
	if i := strings.Index(name, "/chapters/"); i >= 0 {
		return name[:i], name[i+1:], true
	}
	return "", "", false
}

// Tree is a submission that was read from an archive. It is a [submission.Tree].
type Tree struct {
	files map[string][]byte
	other map[string]string   // what is there and no regular file: "a symbolic link"
	names map[string][]string // by folder
}

// Read reads a submission from an archive. Of several places that have chapters/ in
// them the uppermost counts.
func Read(file string, wanted Wanted) (*Tree, error) {
	places := map[string]*Tree{}
	err := each(file, ofStudent, func(e entry) error {
		name, err := local(e.name)
		if err != nil {
			return err
		}
		before, rest, ok := inSubmission(name)
		if !ok || strings.HasPrefix(name, "__MACOSX/") {
			return nil
		}
		t := places[before]
		if t == nil {
			t = &Tree{map[string][]byte{}, map[string]string{}, map[string][]string{}}
			places[before] = t
		}
		return t.add(rest, e, wanted)
	})
	if err != nil {
		return nil, err
	}
	var best *Tree
	at := ""
	for before, t := range places {
		if best == nil || depth(before) < depth(at) || depth(before) == depth(at) && before < at {
			best, at = t, before
		}
	}
	if best == nil {
		return nil, errors.New("it has no chapters/ in it")
	}
	return best, nil
}

func depth(dir string) int {
	if dir == "" {
		return 0
	}
	return strings.Count(dir, "/") + 1
}

func (t *Tree) add(name string, e entry, wanted Wanted) error {
	folder := path.Dir(name)
	t.names[folder] = append(t.names[folder], path.Base(name))
	if !e.mode.IsRegular() {
		t.other[name] = "a device, pipe or socket"
		if e.mode&fs.ModeSymlink != 0 {
			t.other[name] = "a symbolic link"
		}
		return nil
	}
	if !wanted[name] || t.files[name] != nil {
		return nil // of two files of one name the first counts
	}
	data, err := readEntry(e, submission.MaxFile+1)
	if err != nil {
		return err
	}
	t.files[name] = data
	return nil
}

func readEntry(e entry, most int64) ([]byte, error) {
	r, err := e.open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, most))
	if err != nil {
		return nil, fmt.Errorf("%.100q cannot be read: %w", e.name, err)
	}
	return data, nil
}

// File returns a regular file as [submission.Tree] wants it.
func (t *Tree) File(name string) ([]byte, error) {
	for at := name; at != "."; at = path.Dir(at) {
		if kind := t.other[at]; kind != "" {
			return nil, submission.NotPlain(name, at, kind)
		}
	}
	if data, ok := t.files[name]; ok {
		return data, nil
	}
	return nil, &fs.PathError{Op: "read", Path: name, Err: os.ErrNotExist}
}

// Names lists what a folder holds, not more than most names of it.
func (t *Tree) Names(folder string, most int) []string {
	names := t.names[folder]
	return names[:min(most, len(names))]
}
