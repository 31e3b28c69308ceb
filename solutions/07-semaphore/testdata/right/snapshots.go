// Whoever gets the baton looks for a free permit again, and passes it on if there are more; idle
// workers hand in the channels in which they want their items; the state of a Weighted is never
// changed but replaced, with CompareAndSwap.
package semaphore

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
)

var (
	// ErrReleased says that more is given back than has been taken.
	ErrReleased = errors.New("released more than was acquired")
	// ErrTooLarge says that more is asked for than there will ever be.
	ErrTooLarge = errors.New("asked for more than there is")
)

// A Semaphore has a number of permits. While some are free and somebody waits there is a
// baton, or somebody has it; who gets it looks again.
type Semaphore struct {
	permits int
	baton   chan struct{} // room for one

	mu   sync.Mutex
	free int
}

// New returns a semaphore with that many permits.
func New(permits int) *Semaphore {
	return &Semaphore{permits: permits, baton: make(chan struct{}, 1), free: permits}
}

// pass lets one who waits look again.
func (s *Semaphore) pass() {
	select {
	case s.baton <- struct{}{}:
	default: // is there already
	}
}

// Acquire takes a permit.
func (s *Semaphore) Acquire(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	for !s.TryAcquire() {
		select {
		case <-s.baton:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// TryAcquire takes a permit if one is free.
func (s *Semaphore) TryAcquire() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.free == 0 {
		return false
	}
	s.free--
	if s.free > 0 {
		s.pass()
	}
	return true
}

// Release gives a permit back.
func (s *Semaphore) Release() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.free == s.permits {
		return ErrReleased
	}
	s.free++
	s.pass()
	return nil
}

// ForEach calls work for each of the items. The workers lay their channels before it when
// they have nothing to do, and get an item in them.
func ForEach[T any](ctx context.Context, limit int, items []T, work func(item T)) error {
	idle := make(chan chan T)
	workers := min(limit, len(items))
	for range workers {
		go func() {
			mine := make(chan T)
			idle <- mine
			for item := range mine {
				work(item)
				idle <- mine
			}
		}()
	}
	var err error
	for _, item := range items {
		worker := <-idle
		if err = ctx.Err(); err != nil {
			close(worker)
			workers--
			break
		}
		worker <- item
	}
	for range workers {
		close(<-idle)
	}
	return err
}

// A Weighted is a semaphore from which several permits can be taken at once.
type Weighted struct {
	size int
	now  atomic.Pointer[state]
}

// A state is never changed, but replaced by another.
type state struct {
	free int
	line []*waiter
}

type waiter struct {
	n    int
	turn chan struct{} // closed when the n permits are his
}

// NewWeighted returns a semaphore with size permits.
func NewWeighted(size int) *Weighted {
	w := &Weighted{size: size}
	w.now.Store(&state{free: size})
	return w
}

// change replaces the state by what next makes of it, serves the line, and returns true;
// if next returns false it changes nothing.
func (w *Weighted) change(next func(s *state) bool) bool {
	for {
		old := w.now.Load()
		s := &state{old.free, slices.Clone(old.line)}
		if !next(s) {
			return false
		}
		served := 0
		for served < len(s.line) && s.line[served].n <= s.free {
			s.free -= s.line[served].n
			served++
		}
		lucky := s.line[:served]
		s.line = s.line[served:]
		if w.now.CompareAndSwap(old, s) {
			for _, who := range lucky {
				close(who.turn)
			}
			return true
		}
	}
}

// Acquire takes n permits.
func (w *Weighted) Acquire(ctx context.Context, n int) error {
	if n > w.size {
		return ErrTooLarge
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	me := &waiter{n, make(chan struct{})}
	w.change(func(s *state) bool {
		s.line = append(s.line, me)
		return true
	})
	select {
	case <-me.turn:
		return nil
	case <-ctx.Done():
	}
	left := w.change(func(s *state) bool {
		i := slices.Index(s.line, me)
		if i < 0 {
			return false
		}
		s.line = slices.Delete(s.line, i, i+1)
		return true
	})
	if !left {
		return nil // the permits came just before
	}
	return ctx.Err()
}

// TryAcquire takes n permits if that many are free and nobody waits.
func (w *Weighted) TryAcquire(n int) bool {
	return w.change(func(s *state) bool {
		if len(s.line) > 0 || n > s.free {
			return false
		}
		s.free -= n
		return true
	})
}

// Release gives n permits back.
func (w *Weighted) Release(n int) error {
	given := w.change(func(s *state) bool {
		if n > w.size-s.free {
			return false
		}
		s.free += n
		return true
	})
	if !given {
		return ErrReleased
	}
	return nil
}
