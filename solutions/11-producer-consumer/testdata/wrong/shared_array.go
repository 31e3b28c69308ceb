// want: fail in TestBatchesAreTheFlushers

// The next batch begins in the array of the one before, where that one has room to grow.
package producer

import (
	"context"
	"sync"
	"time"
)

// A Producer makes items and calls put for each of them.
type Producer[T any] func(put func(item T) error)

// Produce calls the producers. Who returns last closes the channel.
func Produce[T any](ctx context.Context, room int, producers ...Producer[T]) <-chan T {
	items := make(chan T, room)
	var mu sync.Mutex
	left := len(producers)
	if left == 0 {
		close(items)
		return items
	}
	put := func(item T) error {
		select {
		case <-ctx.Done():
			return ctx.Err()
		default:
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case items <- item:
			return nil
		}
	}
	for _, produce := range producers {
		go func() {
			produce(put)
			mu.Lock()
			defer mu.Unlock()
			left--
			if left == 0 {
				close(items)
			}
		}()
	}
	return items
}

// Consume starts the workers and gathers them again.
func Consume[T any](items <-chan T, workers int, work func(item T)) {
	home := make(chan struct{})
	for range workers {
		go func() {
			defer func() { home <- struct{}{} }()
			for {
				item, open := <-items
				if !open {
					return
				}
				work(item)
			}
		}()
	}
	for range workers {
		<-home
	}
}

// First gathers in a goroutine of its own.
func First[T any](ctx context.Context, n, workers int, want func(item T) bool, producers ...Producer[T]) ([]T, error) {
	making, quit := context.WithCancel(ctx)
	defer quit()
	found := make(chan T)
	done := make(chan struct{})
	var first []T
	var err error
	go func() {
		defer close(done)
		for item := range found {
			first = append(first, item)
			if len(first) == n {
				err = ctx.Err()
				quit()
				for range found { // nobody wants them any more
				}
				return
			}
		}
		err = ctx.Err()
	}()
	Consume(Produce(making, 0, producers...), workers, func(item T) {
		if want(item) {
			found <- item
		}
	})
	close(found)
	<-done
	return first, err
}

// Batch is one loop, with a timer while there is something in the batch.
func Batch[T any](items <-chan T, size int, wait time.Duration, flush func(batch []T) error) error {
	var batch []T
	var due <-chan time.Time
	for {
		over := false
		select {
		case item, open := <-items:
			if !open && len(batch) == 0 {
				return nil
			}
			if !open {
				return flush(batch)
			}
			batch = append(batch, item)
			if due == nil {
				due = time.After(wait)
			}
		case <-due:
			due = nil
			over = len(batch) > 0
		}
		if !over && len(batch) < size {
			continue
		}
		full := batch
		batch, due = full[len(full):], nil // what is left of its array
		if err := flush(full); err != nil {
			return err
		}
	}
}

// A Line is a production line.
type Line[T, U any] struct {
	Producers []Producer[T]
	Room      int                     // how many items may wait for a worker, as in Produce
	Workers   int                     // as in Consume
	Work      func(item T) U          // called once for each item
	Size      int                     // how many results are stored at a time, as in Batch
	Wait      time.Duration           // and how long the first of them waits, as in Batch
	Store     func(results []U) error // calls do not overlap
}

// Run runs the line once.
func (l Line[T, U]) Run(ctx context.Context) error {
	making, stop := context.WithCancel(ctx)
	defer stop()
	s := newShelf[U](l.Size, l.Wait)
	items := Produce(making, l.Room, l.Producers...)
	done := make(chan struct{})
	go func() {
		defer close(done)
		Consume(items, l.Workers, func(item T) { s.add(l.Work(item)) })
		s.noMore()
	}()
	err := s.empty(l.Store)
	if err != nil {
		stop()
	}
	<-done
	s.timers.Wait()
	if err != nil {
		return err
	}
	return ctx.Err()
}

// A shelf is where the workers put their results, and from where they are stored.
type shelf[U any] struct {
	size   int
	wait   time.Duration
	timers sync.WaitGroup // those that run, or whose function does

	mu      sync.Mutex
	ready   *sync.Cond // for the one who stores
	free    *sync.Cond // for the workers
	results []U
	batch   int         // the number of the batch that results will be
	timer   *time.Timer // of that batch
	due     bool        // its time is over
	storing bool
	failed  bool
	closed  bool
}

func newShelf[U any](size int, wait time.Duration) *shelf[U] {
	s := &shelf[U]{size: size, wait: wait}
	s.ready = sync.NewCond(&s.mu)
	s.free = sync.NewCond(&s.mu)
	return s
}

func (s *shelf[U]) add(result U) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for !s.failed && (s.storing || s.due || len(s.results) >= s.size) {
		s.free.Wait()
	}
	if s.failed {
		return
	}
	s.results = append(s.results, result)
	if len(s.results) == 1 {
		batch := s.batch
		s.timers.Add(1)
		s.timer = time.AfterFunc(s.wait, func() {
			defer s.timers.Done()
			s.mu.Lock()
			defer s.mu.Unlock()
			if s.batch == batch {
				s.due = true
				s.ready.Signal()
			}
		})
	}
	if len(s.results) >= s.size {
		s.ready.Signal()
	}
}

func (s *shelf[U]) noMore() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	s.ready.Signal()
}

func (s *shelf[U]) empty(store func([]U) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		for len(s.results) < s.size && !s.due && !s.closed {
			s.ready.Wait()
		}
		if len(s.results) == 0 {
			return nil
		}
		if s.timer.Stop() {
			s.timers.Done()
		}
		results := s.results
		s.results = nil
		s.batch++
		s.due = false
		s.storing = true
		s.mu.Unlock()
		err := store(results)
		s.mu.Lock()
		s.storing = false
		s.failed = err != nil
		s.free.Broadcast()
		if err != nil {
			return err
		}
	}
}
