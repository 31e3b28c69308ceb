// want: leak in TestWeightedLimit, leak in TestWeightedKeepsTheLine, leak in TestWeightedServesAll

// Who waits starts a goroutine that watches ctx, and leaves it behind when he has got his permits.
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

type Semaphore struct {
	mu      sync.Mutex
	permits int
	free    int
	waiting map[chan struct{}]struct{} // in any order
}

func New(permits int) *Semaphore {
	return &Semaphore{permits: permits, free: permits, waiting: make(map[chan struct{}]struct{})}
}

func (s *Semaphore) Acquire(ctx context.Context) error {
	s.mu.Lock()
	if err := ctx.Err(); err != nil {
		s.mu.Unlock()
		return err
	}
	if s.free > 0 {
		s.free--
		s.mu.Unlock()
		return nil
	}
	got := make(chan struct{}, 1)
	s.waiting[got] = struct{}{}
	s.mu.Unlock()

	select {
	case <-got:
		return nil
	case <-ctx.Done():
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, still := s.waiting[got]; still {
		delete(s.waiting, got)
		return ctx.Err()
	}
	return nil
}

func (s *Semaphore) TryAcquire() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.free == 0 {
		return false
	}
	s.free--
	return true
}

func (s *Semaphore) Release() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.free == s.permits {
		return ErrReleased
	}
	for got := range s.waiting {
		delete(s.waiting, got)
		got <- struct{}{}
		return nil
	}
	s.free++
	return nil
}

func ForEach[T any](ctx context.Context, limit int, items []T, work func(item T)) error {
	ended := make(chan struct{})
	running := 0
	defer func() {
		for ; running > 0; running-- {
			<-ended
		}
	}()
	for _, item := range items {
		if running == limit {
			<-ended
			running--
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		running++
		go func() {
			work(item)
			ended <- struct{}{}
		}()
	}
	return nil
}

// want is who waits for how much; the line is linked by hand.
type want struct {
	n    int
	err  error
	wake *sync.Cond
	done bool
	next *want
}

type Weighted struct {
	mu          sync.Mutex
	size, taken int
	first       *want
}

func NewWeighted(size int) *Weighted { return &Weighted{size: size} }

// admit settles with those at the front. The lock is held.
func (w *Weighted) admit() {
	for w.first != nil && w.first.n <= w.size-w.taken {
		w.taken += w.first.n
		w.first.done = true
		w.first.wake.Signal()
		w.first = w.first.next
	}
}

func (w *Weighted) Acquire(ctx context.Context, n int) error {
	if n > w.size {
		return ErrTooLarge
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	me := &want{n: n, wake: sync.NewCond(&w.mu)}
	at := &w.first
	for *at != nil {
		at = &(*at).next
	}
	*at = me
	w.admit()
	if me.done {
		return nil
	}
	if ctx.Done() != nil {
		go func() {
			<-ctx.Done()
			w.mu.Lock()
			defer w.mu.Unlock()
			if !me.done {
				me.err = ctx.Err()
				me.wake.Signal()
			}
		}()
	}
	for !me.done && me.err == nil {
		me.wake.Wait()
	}
	if me.done {
		return nil
	}
	for at := &w.first; *at != nil; at = &(*at).next {
		if *at == me {
			*at = me.next
			break
		}
	}
	w.admit()
	return me.err
}

func (w *Weighted) TryAcquire(n int) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.first != nil || n > w.size-w.taken {
		return false
	}
	w.taken += n
	return true
}

func (w *Weighted) Release(n int) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if n > w.taken {
		return ErrReleased
	}
	w.taken -= n
	w.admit()
	return nil
}
