// Package producer guards everything with locks and conditions, besides the channels that
// its signatures name.
package producer

import (
	"context"
	"slices"
	"sync"
	"time"
)

// A Producer makes items and calls put for each of them.
type Producer[T any] func(put func(item T) error)

// Produce counts the producers under a lock.
func Produce[T any](ctx context.Context, room int, producers ...Producer[T]) <-chan T {
	items := make(chan T, room)
	var mu sync.Mutex
	running := len(producers)
	leave := func() {
		mu.Lock()
		defer mu.Unlock()
		if running--; running == 0 {
			close(items)
		}
	}
	if running == 0 {
		running = 1
		leave()
	}
	for _, produce := range producers {
		go func() {
			defer leave()
			produce(func(item T) error {
				if ctx.Err() != nil {
					return ctx.Err()
				}
				select {
				case items <- item:
					return nil
				case <-ctx.Done():
					return ctx.Err()
				}
			})
		}()
	}
	return items
}

// Consume lets one worker at a time receive: the lock is the line in which they wait.
func Consume[T any](items <-chan T, workers int, work func(item T)) {
	var mu sync.Mutex
	idle := sync.NewCond(&mu)
	running, ended := workers, false
	var receiving sync.Mutex
	next := func() (item T, ok bool) {
		receiving.Lock()
		defer receiving.Unlock()
		if ended {
			return item, false
		}
		item, ok = <-items
		ended = !ok
		return item, ok
	}
	for range workers {
		go func() {
			for item, ok := next(); ok; item, ok = next() {
				work(item)
			}
			mu.Lock()
			defer mu.Unlock()
			running--
			idle.Broadcast()
		}()
	}
	mu.Lock()
	defer mu.Unlock()
	for running > 0 {
		idle.Wait()
	}
}

// gathering is what the workers of First have found.
type gathering[T any] struct {
	mu    sync.Mutex
	items []T
}

// add reports whether there is enough.
func (g *gathering[T]) add(item T, n int) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.items = append(g.items, item)
	return len(g.items) >= n
}

// First lets the workers gather all that they find, and cuts it down at the end.
func First[T any](ctx context.Context, n, workers int, want func(item T) bool, producers ...Producer[T]) ([]T, error) {
	quit, cancel := context.WithCancel(ctx)
	defer cancel()
	var found gathering[T]
	Consume(Produce(quit, 0, producers...), workers, func(item T) {
		if quit.Err() == nil && want(item) && found.add(item, n) {
			cancel()
		}
	})
	if len(found.items) < n {
		return found.items, ctx.Err()
	}
	return slices.Clone(found.items[:n]), nil
}

// Batch uses one timer for all batches, and a deadline.
func Batch[T any](items <-chan T, size int, wait time.Duration, flush func(batch []T) error) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	for item := range items {
		batch := make([]T, 1, 4)
		batch[0] = item
		timer.Reset(wait)
		for full := size == 1; !full; {
			select {
			case item, open := <-items:
				if open {
					batch = append(batch, item)
				}
				full = !open || len(batch) == size
			case <-timer.C:
				full = true
			}
		}
		timer.Stop()
		if err := flush(batch); err != nil {
			return err
		}
	}
	return nil
}

// A Line is a production line: producers, a queue, workers, and a store.
type Line[T, U any] struct {
	Producers []Producer[T]
	Room      int
	Workers   int
	Work      func(item T) U
	Size      int
	Wait      time.Duration
	Store     func(results []U) error
}

// Run has the workers store what they have made: whoever fills a batch stores it, and the
// others wait for the lock meanwhile.
func (l Line[T, U]) Run(ctx context.Context) error {
	making, stop := context.WithCancel(ctx)
	defer stop()
	s := store[T, U]{line: l, fail: stop}
	s.turn = sync.NewCond(&s.mu)
	Consume(Produce(making, l.Room, l.Producers...), l.Workers, func(item T) { s.add(l.Work(item)) })
	s.mu.Lock()
	for s.storing {
		s.turn.Wait()
	}
	s.flush()
	err := s.err
	s.mu.Unlock()
	if err != nil {
		return err
	}
	return ctx.Err()
}

// A store is a batch, and who writes it.
type store[T, U any] struct {
	line Line[T, U]
	fail func()

	mu      sync.Mutex
	turn    *sync.Cond // nobody stores any more
	storing bool
	batch   []U
	number  int // of the batch, so that a timer knows whether it is still the same
	due     *time.Timer
	err     error
}

// add waits until nobody stores, and puts a result into the batch.
func (s *store[T, U]) add(result U) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.storing {
		s.turn.Wait()
	}
	if s.err != nil {
		return
	}
	s.batch = append(s.batch, result)
	switch len(s.batch) {
	case s.line.Size:
		// The batch is stored by a goroutine of its own, so that this worker is free.
		s.storing = true
		go func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.storing = false
			s.flush()
		}()
	case 1:
		number := s.number
		s.due = time.AfterFunc(s.line.Wait, func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			if s.number == number && !s.storing {
				s.flush()
			}
		})
	}
}

// flush stores the batch, if there is one. The caller holds mu, which is let go meanwhile.
func (s *store[T, U]) flush() {
	if len(s.batch) == 0 || s.err != nil {
		return
	}
	if s.due != nil {
		s.due.Stop()
	}
	batch := s.batch
	s.batch = nil
	s.number++
	s.storing = true
	s.mu.Unlock()
	err := s.line.Store(batch)
	s.mu.Lock()
	s.storing = false
	if s.err = err; err != nil {
		s.fail()
	}
	s.turn.Broadcast()
}
