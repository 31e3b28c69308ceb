//go:build grade

package hidden

import (
	"io"
	"os"
	"sync"

	ipc "lockstep/chapters/16-ipc"
	"lockstep/grader/exam"
)

// stream is one direction of a pipe, in memory. A Write comes in two halves, and a Read
// returns a part of what is there: both are allowed, and what real pipes do when they are full.
type stream struct {
	step int  // what one Read returns at most
	full bool // nobody reads: a Write waits until the stream is closed

	mu      sync.Mutex
	changed *sync.Cond
	data    []byte
	closed  bool // for writing
	broken  bool // for reading

	reads, writes exam.Peak
	read          func() // called in each Read, if there is one
}

func newStream(step int) *stream {
	s := &stream{step: step}
	s.changed = sync.NewCond(&s.mu)
	return s
}

func (s *stream) Write(data []byte) (int, error) {
	s.writes.Enter()
	defer s.writes.Leave()
	half := (len(data) + 1) / 2
	n, err := s.add(data[:half])
	if err == nil && half < len(data) {
		var more int
		more, err = s.add(data[half:])
		n += more
	}
	return n, err
}

func (s *stream) add(data []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.full && !s.closed {
		s.changed.Wait()
	}
	if s.closed {
		return 0, os.ErrClosed
	}
	s.data = append(s.data, data...)
	s.changed.Broadcast()
	return len(data), nil
}

func (s *stream) Read(data []byte) (int, error) {
	s.reads.Enter()
	defer s.reads.Leave()
	if s.read != nil {
		s.read()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.data) == 0 && !s.closed && !s.broken {
		s.changed.Wait()
	}
	switch {
	case s.broken:
		return 0, os.ErrClosed
	case len(s.data) == 0:
		return 0, io.EOF
	}
	n := copy(data[:min(len(data), s.step)], s.data)
	s.data = s.data[n:]
	return n, nil
}

// left returns what has been written and not been read.
func (s *stream) left() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.data
}

// ended reports whether the stream has been closed for writing, and for reading.
func (s *stream) ended() (writing, reading bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closed, s.broken
}

// reader is one end of a stream: closing it ends the stream on that side.
type reader struct{ *stream }

func (r reader) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.broken = true
	r.changed.Broadcast()
	return nil
}

// writer is the other one.
type writer struct{ *stream }

func (w writer) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	w.changed.Broadcast()
	return nil
}

// pair returns the two ends of a duplex pipe in memory, and its two directions.
func pair(step int) (ours, theirs *ipc.Conn, there, back *stream) {
	there, back = newStream(step), newStream(step)
	return ipc.NewConn(reader{back}, writer{there}), ipc.NewConn(reader{there}, writer{back}), there, back
}
