// want: fail in TestWeightedLeavesTheLine

// The turn passes over one who has given up, but not over two neighbours who have.
package semaphore

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

var (
	// ErrReleased says that more is given back than has been taken.
	ErrReleased = errors.New("released more than was acquired")
	// ErrTooLarge says that more is asked for than there will ever be.
	ErrTooLarge = errors.New("asked for more than there is")
)

// poll calls try until it is true, or until ctx ends.
func poll(ctx context.Context, try func() bool) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	for pause := 20 * time.Microsecond; !try(); pause = min(2*pause, 500*time.Microsecond) {
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
	}
	return nil
}

// A Semaphore has a number of permits.
type Semaphore struct {
	permits int64
	free    atomic.Int64
}

// New returns a semaphore with that many permits.
func New(permits int) *Semaphore {
	s := &Semaphore{permits: int64(permits)}
	s.free.Store(s.permits)
	return s
}

// Acquire takes a permit.
func (s *Semaphore) Acquire(ctx context.Context) error {
	return poll(ctx, s.TryAcquire)
}

// TryAcquire takes a permit if one is free.
func (s *Semaphore) TryAcquire() bool {
	for free := s.free.Load(); free > 0; free = s.free.Load() {
		if s.free.CompareAndSwap(free, free-1) {
			return true
		}
	}
	return false
}

// Release gives a permit back.
func (s *Semaphore) Release() error {
	for free := s.free.Load(); free < s.permits; free = s.free.Load() {
		if s.free.CompareAndSwap(free, free+1) {
			return nil
		}
	}
	return ErrReleased
}

// ForEach calls work for each of the items. Each call has a goroutine of its own, which
// starts that of the next one when its call has ended.
func ForEach[T any](ctx context.Context, limit int, items []T, work func(item T)) error {
	var mu sync.Mutex
	var running sync.WaitGroup
	left := items

	var start func()
	start = func() {
		mu.Lock()
		defer mu.Unlock()
		if len(left) == 0 || ctx.Err() != nil {
			return
		}
		item := left[0]
		left = left[1:]
		running.Go(func() {
			work(item)
			start()
		})
	}
	for range min(limit, len(items)) {
		start()
	}
	running.Wait()
	if len(left) > 0 {
		return ctx.Err()
	}
	return nil
}

// A Weighted is a semaphore from which several permits can be taken at once. Who comes
// draws a ticket, and looks now and then whether it is his turn.
type Weighted struct {
	size int

	mu   sync.Mutex
	free int
	next int          // the next ticket
	turn int          // the ticket whose turn it is, or next if nobody waits
	left map[int]bool // those who gave up before their turn
}

// NewWeighted returns a semaphore with size permits.
func NewWeighted(size int) *Weighted {
	return &Weighted{size: size, free: size, left: map[int]bool{}}
}

// pass ends the turn of the first in line. The caller holds mu.
func (w *Weighted) pass() {
	w.turn++
	if w.left[w.turn] {
		delete(w.left, w.turn)
		w.turn++
	}
}

// serve gives n permits to the one with that ticket, if it is his turn and they are free.
// The caller holds mu.
func (w *Weighted) serve(ticket, n int) bool {
	if ticket != w.turn || n > w.free {
		return false
	}
	w.free -= n
	w.pass()
	return true
}

// leave takes the one with that ticket out of the line.
func (w *Weighted) leave(ticket int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if ticket == w.turn {
		w.pass()
	} else {
		w.left[ticket] = true
	}
}

// Acquire takes n permits.
func (w *Weighted) Acquire(ctx context.Context, n int) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if n > w.size {
		return ErrTooLarge
	}
	w.mu.Lock()
	ticket := w.next
	w.next++
	served := w.serve(ticket, n)
	w.mu.Unlock()
	if served {
		return nil
	}
	err := poll(ctx, func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.serve(ticket, n)
	})
	if err != nil {
		w.leave(ticket)
	}
	return err
}

// TryAcquire takes n permits if that many are free and nobody waits.
func (w *Weighted) TryAcquire(n int) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.turn != w.next || n > w.free {
		return false
	}
	w.free -= n
	return true
}

// Release gives n permits back.
func (w *Weighted) Release(n int) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if n > w.size-w.free {
		return ErrReleased
	}
	w.free += n
	return nil
}
