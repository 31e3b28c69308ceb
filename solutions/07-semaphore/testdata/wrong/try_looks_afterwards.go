// want: fail in TestTryAcquire

// TryAcquire takes a permit, looks whether there was one, and puts it back: meanwhile others find one too few.
package semaphore

import (
	"context"
	"errors"
	"runtime"
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

const nap = time.Millisecond

type Semaphore struct {
	permits int64
	free    atomic.Int64
}

func New(permits int) *Semaphore {
	s := &Semaphore{permits: int64(permits)}
	s.free.Store(int64(permits))
	return s
}

func (s *Semaphore) Acquire(ctx context.Context) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		if s.TryAcquire() {
			return nil
		}
		time.Sleep(nap)
	}
}

func (s *Semaphore) TryAcquire() bool {
	if s.free.Add(-1) < 0 {
		s.free.Add(1)
		return false
	}
	return true
}

func (s *Semaphore) Release() error {
	for {
		free := s.free.Load()
		if free == s.permits {
			return ErrReleased
		}
		if s.free.CompareAndSwap(free, free+1) {
			return nil
		}
		runtime.Gosched()
	}
}

// ForEach lets every call that has ended begin the next one in its own goroutine.
func ForEach[T any](ctx context.Context, limit int, items []T, work func(item T)) error {
	var (
		mu      sync.Mutex
		next    int
		running sync.WaitGroup
		skipped error
	)
	turn := func() (int, bool) {
		mu.Lock()
		defer mu.Unlock()
		if next == len(items) || skipped != nil {
			return 0, false
		}
		if skipped = ctx.Err(); skipped != nil {
			return 0, false
		}
		next++
		return next - 1, true
	}
	for range min(limit, len(items)) {
		i, ok := turn()
		if !ok {
			break
		}
		running.Go(func() {
			for ok := true; ok; i, ok = turn() {
				work(items[i])
			}
		})
	}
	running.Wait()
	return skipped
}

type Weighted struct {
	mu    sync.Mutex
	size  int
	taken int
	drawn uint64
	line  map[uint64]bool // numbers that wait
	first uint64          // no number below waits
}

func NewWeighted(size int) *Weighted {
	return &Weighted{size: size, line: make(map[uint64]bool)}
}

func (w *Weighted) Acquire(ctx context.Context, n int) error {
	if n > w.size {
		return ErrTooLarge
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	me := w.drawn
	w.drawn++
	w.line[me] = true
	defer delete(w.line, me)
	for !w.mine(me) || w.size-w.taken < n {
		if err := ctx.Err(); err != nil {
			return err
		}
		w.mu.Unlock()
		time.Sleep(nap)
		w.mu.Lock()
	}
	w.taken += n
	return nil
}

// mine reports whether nobody with a lower number waits.
func (w *Weighted) mine(number uint64) bool {
	for w.first < number && !w.line[w.first] {
		w.first++
	}
	return w.first == number
}

func (w *Weighted) TryAcquire(n int) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.line) > 0 || w.size-w.taken < n {
		return false
	}
	w.taken += n
	return true
}

func (w *Weighted) Release(n int) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.taken < n {
		return ErrReleased
	}
	w.taken -= n
	return nil
}
