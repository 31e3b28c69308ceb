// TryAcquire takes with a CompareAndSwap, and the lock is for those who wait and for those they wait for.
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

// A Semaphore has a number of permits, which can be taken one at a time and given back.
//
// A buffered channel is a semaphore already: its capacity is the number of permits, and
// each value in it is a permit that somebody has. To send is to take one, and blocks when
// it is full; to receive is to give one back.
type Semaphore struct {
	permits int64
	free    atomic.Int64

	mu   sync.Mutex    // held by whoever changes free, but for TryAcquire
	came chan struct{} // guarded by mu; closed when a permit comes back
}

// New returns a semaphore with that many permits.
func New(permits int) *Semaphore {
	s := &Semaphore{permits: int64(permits), came: make(chan struct{})}
	s.free.Store(s.permits)
	return s
}

// Acquire takes a permit, or gives up with ctx.
func (s *Semaphore) Acquire(ctx context.Context) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		s.mu.Lock()
		if s.TryAcquire() {
			s.mu.Unlock()
			return nil
		}
		came := s.came
		s.mu.Unlock()
		select {
		case <-came:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// TryAcquire takes a permit if one is free.
func (s *Semaphore) TryAcquire() bool {
	for {
		free := s.free.Load()
		if free == 0 {
			return false
		}
		if s.free.CompareAndSwap(free, free-1) {
			return true
		}
	}
}

// Release gives a permit back.
func (s *Semaphore) Release() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	free := s.free.Load()
	if free == s.permits {
		return ErrReleased
	}
	s.free.Add(1)
	close(s.came)
	s.came = make(chan struct{})
	return nil
}

// ForEach calls work for the items, at most limit at the same time.
//
// The permit is taken here, before the goroutine starts, so that the items take their turns in
// order, and nobody makes a thousand goroutines that wait. It is given back in there, after the
// work: given back out here, it would limit nothing.
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
//
// Those who wait are a list. Whoever gives permits back, and whoever leaves the list, hands
// out to the front of it what can be handed out. So the permits of one who waits are
// taken for him, while he sleeps: no newcomer can snatch them before he wakes.
type Weighted struct {
	size int

	mu   sync.Mutex
	free int       // guarded by mu
	line []*waiter // guarded by mu; in the order in which they came
}

// A waiter stands in line for n permits.
type waiter struct {
	n    int
	turn chan struct{} // closed, under mu, when the permits are his and he is out of the line
}

// NewWeighted returns a semaphore with size permits.
func NewWeighted(size int) *Weighted { return &Weighted{size: size, free: size} }

// Acquire takes n permits, or gives up with ctx.
func (w *Weighted) Acquire(ctx context.Context, n int) error {
	if n > w.size {
		return ErrTooLarge
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	me := w.enter(n)
	select {
	case <-me.turn:
		return nil
	case <-ctx.Done():
		if w.leave(me) {
			return ctx.Err()
		}
		return nil // it was his turn before he could leave: the permits are his
	}
}

// enter puts a waiter at the end of the line, from where he may be served at once.
func (w *Weighted) enter(n int) *waiter {
	w.mu.Lock()
	defer w.mu.Unlock()
	me := &waiter{n: n, turn: make(chan struct{})}
	w.line = append(w.line, me)
	w.serve()
	return me
}

// leave takes a waiter out of the line; it reports false if he is in it no more. If he
// was at the front, those behind him may fit into what is free.
func (w *Weighted) leave(me *waiter) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	at := slices.Index(w.line, me)
	if at < 0 {
		return false
	}
	w.line = slices.Delete(w.line, at, at+1)
	w.serve()
	return true
}

// serve hands permits to the front of the line as long as there are enough for the one
// who is there. It stops at the first for whom there are not: to go on to somebody who
// wants less would let a crowd of those keep him waiting for ever. The caller holds mu.
func (w *Weighted) serve() {
	for len(w.line) > 0 && w.line[0].n <= w.free {
		w.free -= w.line[0].n
		close(w.line[0].turn)
		w.line = slices.Delete(w.line, 0, 1)
	}
}

// TryAcquire takes n permits if that many are free and nobody waits.
func (w *Weighted) TryAcquire(n int) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.line) > 0 || n > w.free {
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
	w.serve()
	return nil
}
