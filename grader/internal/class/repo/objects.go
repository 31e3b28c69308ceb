package repo

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os/exec"
	"strconv"
	"strings"
)

// Caps on single objects, in bytes.
const (
	maxTree   = 4 << 20  // a folder of some 100,000 names
	maxCommit = 1 << 20  // commits carry signatures and messages
	maxSkip   = 64 << 20 // what is read past before the reader gives up
)

// errTooLarge says that an object is larger than anything that is graded.
var errTooLarge = errors.New("it is larger than anything that could be graded")

// Reader reads the objects of a bare clone through one git process. It must not be used
// by several goroutines at once. The caller calls Close.
type Reader struct {
	start  func() (*exec.Cmd, io.WriteCloser, io.Reader, error)
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *bufio.Reader
	broken error // after which nothing more can be read
}

// Read opens the bare clone at dir for reading.
func (g *Git) Read(ctx context.Context, dir string) (*Reader, error) {
	r := &Reader{start: func() (*exec.Cmd, io.WriteCloser, io.Reader, error) {
		cmd := exec.CommandContext(ctx, g.path, append(append([]string{"--git-dir=" + dir}, safe...), "cat-file", "--batch")...)
		cmd.Dir = dir
		cmd.Env = append(g.env, "GIT_ALLOW_PROTOCOL=none")
		in, err := cmd.StdinPipe()
		if err != nil {
			return nil, nil, nil, err
		}
		out, err := cmd.StdoutPipe()
		if err != nil {
			return nil, nil, nil, err
		}
		return cmd, in, out, cmd.Start()
	}}
	return r, r.open()
}

func (r *Reader) open() error {
	cmd, in, out, err := r.start()
	if err != nil {
		return err
	}
	r.cmd, r.in, r.out = cmd, in, bufio.NewReader(out)
	return nil
}

// Close ends the process.
func (r *Reader) Close() {
	r.in.Close()
	r.cmd.Process.Kill() // it may be in the middle of an object that nobody wants
	r.cmd.Wait()
}

// object returns the object of a name, an id or graded, and its id. Of one that is larger
// than most bytes it returns the first most; the error is fs.ErrNotExist where there is none.
func (r *Reader) object(name, kind string, most int64) (id string, data []byte, err error) {
	if r.broken != nil {
		return "", nil, r.broken
	}
	fail := func(err error) (string, []byte, error) {
		r.broken = fmt.Errorf("git cat-file: %w", err)
		return "", nil, r.broken
	}
	if _, err := io.WriteString(r.in, name+"\n"); err != nil {
		return fail(err)
	}
	line, err := r.out.ReadSlice('\n')
	if err != nil {
		return fail(err)
	}
	fields := strings.Fields(string(line))
	if len(fields) == 2 && fields[1] == "missing" {
		return "", nil, fs.ErrNotExist
	}
	if len(fields) != 3 {
		return fail(fmt.Errorf("it said %q", line))
	}
	size, err := strconv.ParseInt(fields[2], 10, 64)
	if err != nil {
		return fail(err)
	}
	if fields[1] == kind {
		data = make([]byte, min(size, most))
		if _, err := io.ReadFull(r.out, data); err != nil {
			return fail(err)
		}
	}
	rest := size - int64(len(data)) + 1 // and a newline
	if rest > maxSkip {
		r.Close()
		r.broken = r.open()
	} else if _, err := io.CopyN(io.Discard, r.out, rest); err != nil {
		return fail(err)
	}
	if fields[1] != kind {
		return "", nil, fmt.Errorf("object %s is a %s, not a %s", fields[0], fields[1], kind)
	}
	if size > most && kind != "blob" {
		return "", nil, errTooLarge
	}
	return fields[0], data, nil
}

// entry is one name in a tree.
type entry struct {
	mode, id string
}

// The modes of a tree's entries.
const (
	modeTree    = "40000"
	modeLink    = "120000"
	modeModule  = "160000"
	modeRegular = "100" // what the modes of regular files begin with
)

// describe says what an entry is.
func (e entry) describe() string {
	switch {
	case e.mode == modeTree:
		return "a folder"
	case e.mode == modeLink:
		return "a symbolic link"
	case e.mode == modeModule:
		return "a submodule"
	case strings.HasPrefix(e.mode, modeRegular):
		return "a file"
	}
	return "of an unknown kind"
}

// parseTree reads a tree object: for each entry its mode, a space, its name, a zero byte
// and the raw id. Of two entries of one name the first counts, as it does for git.
func parseTree(data []byte, idBytes int) (map[string]entry, error) {
	entries := map[string]entry{}
	for len(data) > 0 {
		head, rest, ok := bytes.Cut(data, []byte{0})
		mode, name, okMode := strings.Cut(string(head), " ")
		if !ok || !okMode || len(rest) < idBytes {
			return nil, errors.New("a folder in the repository is damaged")
		}
		if _, twice := entries[name]; !twice {
			entries[name] = entry{mode: mode, id: fmt.Sprintf("%x", rest[:idBytes])}
		}
		data = rest[idBytes:]
	}
	return entries, nil
}
