// A Semaphore is a Weighted of which one takes one at a time; the line is a container/list;
// whoever gives up too late gives back what was handed to him.
package semaphore

import (
	"container/list"
	"context"
	"errors"
	"sync"
)

var (
	ErrReleased = errors.New("released more than was acquired")
	ErrTooLarge = errors.New("asked for more than there is")
)

type Semaphore struct{ Weighted }

func New(permits int) *Semaphore {
	return &Semaphore{Weighted{size: permits, free: permits}}
}

func (s *Semaphore) Acquire(ctx context.Context) error { return s.Weighted.Acquire(ctx, 1) }
func (s *Semaphore) TryAcquire() bool                  { return s.Weighted.TryAcquire(1) }
func (s *Semaphore) Release() error                    { return s.Weighted.Release(1) }

func ForEach[T any](ctx context.Context, limit int, items []T, work func(item T)) error {
	finished := make(chan struct{}, limit)
	running := 0
	var err error
	for _, item := range items {
		if running == limit {
			<-finished
			running--
		}
		if err = ctx.Err(); err != nil {
			break
		}
		running++
		go func() {
			work(item)
			finished <- struct{}{}
		}()
	}
	for range running {
		<-finished
	}
	return err
}

type Weighted struct {
	size int
	mu   sync.Mutex
	free int
	line list.List
}

type request struct {
	n     int
	ready chan struct{}
}

func NewWeighted(size int) *Weighted { return &Weighted{size: size, free: size} }

func (w *Weighted) Acquire(ctx context.Context, n int) error {
	if n > w.size {
		return ErrTooLarge
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	w.mu.Lock()
	if w.line.Len() == 0 && n <= w.free {
		w.free -= n
		w.mu.Unlock()
		return nil
	}
	me := request{n, make(chan struct{})}
	place := w.line.PushBack(me)
	w.mu.Unlock()
	select {
	case <-me.ready:
	case <-ctx.Done():
		w.mu.Lock()
		defer w.mu.Unlock()
		select {
		case <-me.ready:
			w.free += n
		default:
			w.line.Remove(place)
		}
		w.serve()
		return ctx.Err()
	}
	return nil
}

func (w *Weighted) serve() {
	for first := w.line.Front(); first != nil; first = w.line.Front() {
		r := first.Value.(request)
		if r.n > w.free {
			return
		}
		w.free -= r.n
		w.line.Remove(first)
		close(r.ready)
	}
}

func (w *Weighted) TryAcquire(n int) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.line.Len() > 0 || n > w.free {
		return false
	}
	w.free -= n
	return true
}

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
