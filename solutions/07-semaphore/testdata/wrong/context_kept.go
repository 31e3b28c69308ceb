// want: leak in TestContextLetGo

// What is to happen at the end of the context is not taken back: with some contexts that is a goroutine, and with all of them memory.
package semaphore

import (
	"context"
	"errors"
	"slices"
	"sync"
)

var (
	ErrReleased = errors.New("released more than was acquired")
	ErrTooLarge = errors.New("asked for more than there is")
)

type Semaphore struct {
	mu      sync.Mutex
	changed *sync.Cond
	size    int
	free    int
}

func New(permits int) *Semaphore {
	s := &Semaphore{size: permits, free: permits}
	s.changed = sync.NewCond(&s.mu)
	return s
}

// wake wakes everybody who waits for c. It takes the lock, so that it cannot come between
// somebody's look and his wait.
func wake(c *sync.Cond) {
	c.L.Lock()
	defer c.L.Unlock()
	c.Broadcast()
}

func (s *Semaphore) Acquire(ctx context.Context) error {
	defer context.AfterFunc(ctx, func() { wake(s.changed) })()
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.free == 0 && ctx.Err() == nil {
		s.changed.Wait()
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	s.free--
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
	if s.free == s.size {
		return ErrReleased
	}
	s.free++
	s.changed.Broadcast()
	return nil
}

func ForEach[T any](ctx context.Context, limit int, items []T, work func(item T)) error {
	var mu sync.Mutex
	next := 0
	take := func() (at int, ok bool) {
		mu.Lock()
		defer mu.Unlock()
		if next == len(items) || ctx.Err() != nil {
			return 0, false
		}
		next++
		return next - 1, true
	}
	var workers sync.WaitGroup
	for range limit {
		workers.Go(func() {
			for at, ok := take(); ok; at, ok = take() {
				work(items[at])
			}
		})
	}
	workers.Wait()
	if next < len(items) {
		return ctx.Err()
	}
	return nil
}

type Weighted struct {
	mu      sync.Mutex
	changed *sync.Cond
	size    int
	free    int
	tickets []int
	next    int
}

func NewWeighted(size int) *Weighted {
	w := &Weighted{size: size, free: size}
	w.changed = sync.NewCond(&w.mu)
	return w
}

func (w *Weighted) Acquire(ctx context.Context, n int) error {
	if n > w.size {
		return ErrTooLarge
	}
	context.AfterFunc(ctx, func() { wake(w.changed) })
	w.mu.Lock()
	defer w.mu.Unlock()
	ticket := w.next
	w.next++
	w.tickets = append(w.tickets, ticket)
	for ctx.Err() == nil && (w.tickets[0] != ticket || n > w.free) {
		w.changed.Wait()
	}
	w.tickets = slices.DeleteFunc(w.tickets, func(t int) bool { return t == ticket })
	w.changed.Broadcast() // whoever is first now may fit
	if err := ctx.Err(); err != nil {
		return err
	}
	w.free -= n
	return nil
}

func (w *Weighted) TryAcquire(n int) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.tickets) > 0 || n > w.free {
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
	w.changed.Broadcast()
	return nil
}
