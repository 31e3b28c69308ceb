package sandbox

import (
	"os"
	"strconv"
)

// handed are the descriptors that bwrap itself gets, after those of the command, and the
// arguments that tell it their numbers.
type handed struct {
	before int // how many descriptors the command gets
	files  []*os.File
	args   []string
}

func (h *handed) add(f *os.File, option string, more ...string) {
	h.args = append(h.args, option, strconv.Itoa(3+h.before+len(h.files)))
	h.args = append(h.args, more...)
	h.files = append(h.files, f)
}

// pipeFrom hands over a descriptor to write to, and returns where to read.
func (h *handed) pipeFrom(option string) (*os.File, error) {
	r, w, err := os.Pipe()
	if err == nil {
		h.add(w, option)
	}
	return r, err
}

// pipeTo hands over a descriptor to read from, and returns where to write.
func (h *handed) pipeTo(option string) (*os.File, error) {
	r, w, err := os.Pipe()
	if err == nil {
		h.add(r, option)
	}
	return w, err
}

// content hands over a descriptor to read content from, which must fit into a pipe.
func (h *handed) content(content []byte, option string, more ...string) error {
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	defer w.Close()
	h.add(r, option, more...)
	_, err = w.Write(content)
	return err
}

func (h *handed) close() {
	for _, f := range h.files {
		f.Close()
	}
	h.files = nil
}
