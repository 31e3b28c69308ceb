// Permits are an atomic number, and who finds none looks again after a while; the state of a
// Weighted belongs to whoever has taken it out of its channel.
package semaphore

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

var (
	ErrReleased = errors.New("released more than was acquired")
	ErrTooLarge = errors.New("asked for more than there is")
)

type Semaphore struct {
	size int64
	free atomic.Int64
}

func New(permits int) *Semaphore {
	s := &Semaphore{size: int64(permits)}
	s.free.Store(s.size)
	return s
}

// change adds to the free permits, if they stay from 0 to size.
func (s *Semaphore) change(by int64) bool {
	for {
		free := s.free.Load()
		if free+by < 0 || free+by > s.size {
			return false
		}
		if s.free.CompareAndSwap(free, free+by) {
			return true
		}
	}
}

func (s *Semaphore) Acquire(ctx context.Context) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		if s.TryAcquire() {
			return nil
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Millisecond):
		}
	}
}

func (s *Semaphore) TryAcquire() bool { return s.change(-1) }

func (s *Semaphore) Release() error {
	if !s.change(1) {
		return ErrReleased
	}
	return nil
}

func ForEach[T any](ctx context.Context, limit int, items []T, work func(item T)) error {
	var all sync.WaitGroup
	defer all.Wait()
	places := make(chan struct{}, limit)
	for range limit {
		places <- struct{}{}
	}
	for _, item := range items {
		select {
		case <-places:
		case <-ctx.Done():
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		all.Go(func() {
			defer func() { places <- struct{}{} }()
			work(item)
		})
	}
	return nil
}

type Weighted struct {
	size  int
	state chan state
}

type state struct {
	free int
	line []*place
}

type place struct {
	n      int
	served bool
	turn   chan struct{}
}

func NewWeighted(size int) *Weighted {
	w := &Weighted{size: size, state: make(chan state, 1)}
	w.state <- state{free: size}
	return w
}

// put puts the state back when everybody has been served who can be.
func (w *Weighted) put(s state) {
	for len(s.line) > 0 && (s.line[0].n <= s.free) {
		s.free -= s.line[0].n
		s.line[0].served = true
		close(s.line[0].turn)
		s.line = s.line[1:]
	}
	w.state <- s
}

func (w *Weighted) Acquire(ctx context.Context, n int) error {
	if n > w.size {
		return ErrTooLarge
	}
	s := <-w.state
	if err := ctx.Err(); err != nil {
		w.put(s)
		return err
	}
	me := &place{n: n, turn: make(chan struct{})}
	s.line = append(s.line, me)
	w.put(s)
	select {
	case <-me.turn:
		return nil
	case <-ctx.Done():
	}
	s = <-w.state
	if me.served {
		w.put(s)
		return nil
	}
	var rest []*place
	for _, p := range s.line {
		if p != me {
			rest = append(rest, p)
		}
	}
	s.line = rest
	w.put(s)
	return ctx.Err()
}

func (w *Weighted) TryAcquire(n int) bool {
	s := <-w.state
	defer func() { w.put(s) }()
	if len(s.line) > 0 || n > s.free {
		return false
	}
	s.free -= n
	return true
}

func (w *Weighted) Release(n int) error {
	s := <-w.state
	defer func() { w.put(s) }()
	if n > w.size-s.free {
		return ErrReleased
	}
	s.free += n
	return nil
}
