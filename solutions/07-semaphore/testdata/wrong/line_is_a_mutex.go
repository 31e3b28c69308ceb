// want: fail in TestWeightedLimit, fail in TestWeightedKeepsTheLine, deadlock in TestWeightedGivesUp

// The line is a mutex that the first one holds while he waits: those behind him cannot give up.
package semaphore

import (
	"context"
	"errors"
	"sync"
)

var (
	// ErrReleased says that more is given back than has been taken.
	ErrReleased = errors.New("released more than was acquired")
	// ErrTooLarge says that more is asked for than there will ever be.
	ErrTooLarge = errors.New("asked for more than there is")
)

// A Semaphore has a number of permits, which can be taken one at a time and given back.
type Semaphore struct {
	taken chan struct{}
}

// New returns a semaphore with that many permits.
func New(permits int) *Semaphore {
	return &Semaphore{taken: make(chan struct{}, permits)}
}

// Acquire takes a permit, or gives up with ctx.
func (s *Semaphore) Acquire(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case s.taken <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// TryAcquire takes a permit if one is free.
func (s *Semaphore) TryAcquire() bool {
	select {
	case s.taken <- struct{}{}:
		return true
	default:
		return false
	}
}

// Release gives a permit back. Without the default, whoever gives back too much would
// wait, and then take back what somebody else has just taken.
func (s *Semaphore) Release() error {
	select {
	case <-s.taken:
		return nil
	default:
		return ErrReleased
	}
}

// ForEach calls work for the items, at most limit at the same time.
func ForEach[T any](ctx context.Context, limit int, items []T, work func(item T)) error {
	permits := New(limit)
	var running sync.WaitGroup
	defer running.Wait() // also when ctx has ended: what has begun is not left behind
	for _, item := range items {
		if err := permits.Acquire(ctx); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err // it ended as the permit came, and the select chose the permit
		}
		running.Go(func() {
			defer permits.Release()
			work(item)
		})
	}
	return nil
}

// A Weighted is a semaphore from which several permits can be taken at once, in turn.
type Weighted struct {
	size  int
	front sync.Mutex // held by the first in line

	mu      sync.Mutex
	free    int
	changed chan struct{} // closed when there is more
}

// NewWeighted returns a semaphore with size permits.
func NewWeighted(size int) *Weighted {
	return &Weighted{size: size, free: size, changed: make(chan struct{})}
}

// take takes n permits if they are free, or returns a channel that is closed when there are more.
func (w *Weighted) take(n int) (changed <-chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if n > w.free {
		return w.changed
	}
	w.free -= n
	return nil
}

// Acquire takes n permits, or gives up with ctx.
func (w *Weighted) Acquire(ctx context.Context, n int) error {
	if n > w.size {
		return ErrTooLarge
	}
	w.front.Lock()
	defer w.front.Unlock()
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		changed := w.take(n)
		if changed == nil {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
		}
	}
}

// TryAcquire takes n permits if that many are free and nobody waits.
func (w *Weighted) TryAcquire(n int) bool {
	if !w.front.TryLock() {
		return false
	}
	defer w.front.Unlock()
	return w.take(n) == nil
}

// Release gives n permits back.
func (w *Weighted) Release(n int) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if n > w.size-w.free {
		return ErrReleased
	}
	w.free += n
	close(w.changed)
	w.changed = make(chan struct{})
	return nil
}
