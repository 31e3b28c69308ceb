package sandbox

import (
	"os"
	"strconv"
)

// handed are the descriptors that bwrap itself gets, after those of the command.
type handed struct{ files []*os.File }

// add hands over f, and returns its number in a process that gets n files before.
func (h *handed) add(f *os.File, n int) string {
	h.files = append(h.files, f)
	return strconv.Itoa(2 + n + len(h.files))
}

// data hands over a descriptor to read content from. It must fit into a pipe.
func (h *handed) data(content []byte, n int) (string, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return "", err
	}
	defer w.Close()
	if _, err := w.Write(content); err != nil {
		r.Close()
		return "", err
	}
	return h.add(r, n), nil
}

func (h *handed) close() {
	for _, f := range h.files {
		f.Close()
	}
	h.files = nil
}
