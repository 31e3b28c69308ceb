package sandbox

import (
	"bytes"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// patience is how long the readers wait for text that is still in a pipe when all
// processes are dead. Only a process that none could not kill makes them wait; a machine
// with many other things to do must not make them give up before they have read it.
const patience = 5 * time.Second

// streams are the two capped outputs of a command.
type streams struct {
	out, err *stream
	over     chan struct{} // closed when either passes its cap
	once     sync.Once
	readers  sync.WaitGroup
}

type stream struct {
	r, w   *os.File
	text   bytes.Buffer
	excess atomic.Bool
}

func newStreams(limit int64) (*streams, error) {
	s := &streams{over: make(chan struct{})}
	for _, p := range []**stream{&s.out, &s.err} {
		r, w, err := os.Pipe()
		if err != nil {
			s.close()
			return nil, err
		}
		*p = &stream{r: r, w: w}
	}
	s.readers.Add(2)
	for _, one := range []*stream{s.out, s.err} {
		go func() {
			defer s.readers.Done()
			io.CopyN(&one.text, one.r, limit)
			if n, _ := io.CopyN(io.Discard, one.r, 1); n > 0 {
				one.excess.Store(true)
				s.once.Do(func() { close(s.over) })
				io.Copy(io.Discard, one.r) // so that nothing blocks on its way out
			}
		}()
	}
	return s, nil
}

// collect gives up the writing ends, which the command has by now: the readers see its end.
func (s *streams) collect() {
	s.out.w.Close()
	s.err.w.Close()
}

// finish returns the texts once everything that could write is dead.
func (s *streams) finish() (stdout, stderr []byte) {
	deadline := time.Now().Add(patience)
	s.out.r.SetReadDeadline(deadline)
	s.err.r.SetReadDeadline(deadline)
	s.readers.Wait()
	return s.out.text.Bytes(), s.err.text.Bytes()
}

func (s *streams) flooded() bool { return s.out.excess.Load() || s.err.excess.Load() }

// close releases the descriptors, and with them the readers.
func (s *streams) close() {
	for _, one := range []*stream{s.out, s.err} {
		if one != nil {
			one.w.Close()
			one.r.Close()
		}
	}
}
