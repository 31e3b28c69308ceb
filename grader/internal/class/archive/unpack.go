package archive

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"

	"lockstep/grader/internal/submission"
)

// maxInner caps an archive within an archive, in bytes.
const maxInner = 64 << 20

// maxLines caps how many files are told of that cannot be written.
const maxLines = 100

// Single reports whether an archive holds one submission and not a class: chapters/ stands
// at its top. An archive that cannot be read is single, so that it is one student's trouble.
func Single(file string) bool {
	class := false
	err := each(file, ofClass, func(e entry) error {
		name, err := local(e.name)
		switch {
		case err != nil:
			return nil // Unpack tells
		case strings.HasPrefix(name, "chapters/"):
			return errSingle
		case strings.Contains(name, "/chapters/"), Is(name):
			class = true
		}
		return nil
	})
	return err != nil || !class
}

var errSingle = errors.New("it holds one submission")

// Unpack writes what could be graded of a class's archive below dir: a folder for each
// student (its top folders), with their wanted files and archives in it, and archives
// from its top. Links and other files stay behind. It returns a line for each file that
// could not be written because of its name, and fails for what spoils the archive.
func Unpack(file, dir string, wanted Wanted) (lines []string, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	err = each(file, ofClass, func(e entry) error {
		name, err := local(e.name)
		if err == nil {
			err = unpack(root, name, e, wanted)
		}
		if err == nil || errors.Is(err, syscall.ENOSPC) {
			return err
		}
		if len(lines) < maxLines {
			lines = append(lines, fmt.Sprintf("%s: %v", filepath.Base(file), err))
		}
		return nil
	})
	return lines, err
}

func unpack(root *os.Root, name string, e entry, wanted Wanted) error {
	if strings.HasPrefix(name, "__MACOSX/") || strings.HasPrefix(path.Base(name), ".") {
		return nil
	}
	student, _, deep := strings.Cut(name, "/")
	if deep { // a student of whom nothing can be graded is a student all the same
		if err := root.MkdirAll(student, 0o700); err != nil {
			return err
		}
	}
	_, rest, ok := inSubmission(name)
	switch {
	case !e.mode.IsRegular():
		return nil
	case ok && wanted[rest]:
		return write(root, name, e, submission.MaxFile+1)
	case Is(name):
		return write(root, name, e, maxInner)
	}
	return nil
}

// write copies an entry, at most so many bytes of it, to its name below root.
func write(root *os.Root, name string, e entry, most int64) error {
	if err := root.MkdirAll(filepath.FromSlash(path.Dir(name)), 0o700); err != nil {
		return err
	}
	in, err := e.open()
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := root.Create(filepath.FromSlash(name))
	if err != nil {
		return err
	}
	_, err = io.Copy(out, io.LimitReader(in, most))
	return errors.Join(err, out.Close())
}
