// want: fail in TestPermitsLimit

// What is given back goes to whoever waits, for a permit of whatever semaphore.
package semaphore

import (
	"context"
	"errors"
	"runtime"
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

// A Semaphore has a number of permits. A balance above zero says how many are free; below
// zero, how many wait for whom none is on its way.
type Semaphore struct {
	permits int64
	balance atomic.Int64
}

// Permits on their way to those who wait.
var handed = make(chan struct{}, 1<<16)

// New returns a semaphore with that many permits.
func New(permits int) *Semaphore {
	s := &Semaphore{permits: int64(permits)}
	s.balance.Store(s.permits)
	return s
}

// Acquire takes a permit.
func (s *Semaphore) Acquire(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if s.balance.Add(-1) >= 0 {
		return nil
	}
	select {
	case <-handed:
		return nil
	case <-ctx.Done():
	}
	for {
		select {
		case <-handed: // just before
			return nil
		default:
		}
		balance := s.balance.Load()
		if balance < 0 && s.balance.CompareAndSwap(balance, balance+1) {
			return ctx.Err()
		}
		runtime.Gosched() // one is on its way, will be there in a moment
	}
}

// TryAcquire takes a permit if one is free.
func (s *Semaphore) TryAcquire() bool {
	for {
		balance := s.balance.Load()
		if balance <= 0 {
			return false
		}
		if s.balance.CompareAndSwap(balance, balance-1) {
			return true
		}
	}
}

// Release gives a permit back.
func (s *Semaphore) Release() error {
	for {
		balance := s.balance.Load()
		if balance >= s.permits {
			return ErrReleased
		}
		if s.balance.CompareAndSwap(balance, balance+1) {
			if balance < 0 {
				handed <- struct{}{}
			}
			return nil
		}
	}
}

// ForEach calls work for each of the items, with workers that take one after the other.
func ForEach[T any](ctx context.Context, limit int, items []T, work func(item T)) error {
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(limit, len(items)) {
		workers.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(items) {
					return
				}
				work(items[i])
			}
		})
	}
	workers.Wait()
	if int(next.Load()) < len(items) {
		return ctx.Err()
	}
	return nil
}

// A Weighted is a semaphore from which several permits can be taken at once.
type Weighted struct {
	size int

	mu   sync.Mutex
	free int
	line []*waiter
}

type waiter struct {
	n    int
	done chan error // room for one: nil, and the n permits are his, or why he got none
}

// NewWeighted returns a semaphore with size permits.
func NewWeighted(size int) *Weighted {
	return &Weighted{size: size, free: size}
}

// serve hands permits to the front of the line. The caller holds mu.
func (w *Weighted) serve() {
	for len(w.line) > 0 && w.line[0].n <= w.free {
		first := w.line[0]
		w.line = w.line[1:]
		w.free -= first.n
		first.done <- nil
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
	me := &waiter{n: n, done: make(chan error, 1)}
	w.mu.Lock()
	w.line = append(w.line, me)
	w.serve()
	w.mu.Unlock()

	stop := context.AfterFunc(ctx, func() { w.cancel(me, ctx.Err()) })
	defer stop()
	return <-me.done
}

// cancel takes who out of the line, if he is still in it.
func (w *Weighted) cancel(who *waiter, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	i := slices.Index(w.line, who)
	if i < 0 {
		return
	}
	w.line = slices.Delete(w.line, i, i+1)
	who.done <- err
	w.serve()
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
