// want: fail in TestBatchTime

// The time of a batch is kept by a goroutine that sleeps on when the batch is gone, and Batch, too.
package producer

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

type Producer[T any] func(put func(item T) error)

type Line[T, U any] struct {
	Producers []Producer[T]
	Room      int
	Workers   int
	Work      func(item T) U
	Size      int
	Wait      time.Duration
	Store     func(results []U) error
}

// A group is a number of goroutines that one waits for.
type group struct {
	left atomic.Int64
	last func()
}

func (g *group) run(f func()) {
	go func() {
		defer func() {
			if g.left.Add(-1) == 0 {
				g.last()
			}
		}()
		f()
	}()
}

func Produce[T any](ctx context.Context, room int, producers ...Producer[T]) <-chan T {
	items := make(chan T, room)
	g := &group{last: func() { close(items) }}
	g.left.Store(int64(len(producers)))
	if len(producers) == 0 {
		g.last()
	}
	for _, p := range producers {
		g.run(func() {
			p(func(item T) error {
				done := ctx.Done()
				select {
				case <-done:
					return ctx.Err()
				default:
				}
				select {
				case <-done:
					return ctx.Err()
				case items <- item:
				}
				return nil
			})
		})
	}
	return items
}

// Consume starts a goroutine for each item, when there is a permit for it.
func Consume[T any](items <-chan T, workers int, work func(item T)) {
	permits := make(chan struct{}, workers)
	for {
		permits <- struct{}{}
		item, ok := <-items
		if !ok {
			<-permits
			break
		}
		go func() {
			defer func() { <-permits }()
			work(item)
		}()
	}
	for range workers {
		permits <- struct{}{}
	}
}

func First[T any](ctx context.Context, n, workers int, want func(item T) bool, producers ...Producer[T]) ([]T, error) {
	within, stop := context.WithCancel(ctx)
	defer stop()
	hits := make(chan T)
	go func() {
		defer close(hits)
		Consume(Produce(within, 0, producers...), workers, func(item T) {
			if want(item) {
				hits <- item
			}
		})
	}()
	var found []T
	for item := range hits { // until the stages before it have ended
		if len(found) < n {
			found = append(found, item)
		}
		if len(found) == n {
			stop()
		}
	}
	if len(found) < n && ctx.Err() != nil {
		return found, ctx.Err()
	}
	return found, nil
}

func Batch[T any](items <-chan T, size int, wait time.Duration, flush func(batch []T) error) error {
	for {
		first, ok := <-items
		if !ok {
			return nil
		}
		batch, more := fill(items, first, size, wait)
		if err := flush(batch); err != nil {
			return err
		}
		if !more {
			return nil
		}
	}
}

func fill[T any](items <-chan T, first T, size int, wait time.Duration) (batch []T, more bool) {
	due := make(chan struct{})
	go func() {
		time.Sleep(wait)
		close(due)
	}()
	for batch = []T{first}; len(batch) < size; {
		select {
		case <-due:
			return batch, true
		default:
		}
		select {
		case <-due:
			return batch, true
		case item, ok := <-items:
			if !ok {
				return batch, false
			}
			batch = append(batch, item)
		}
	}
	return batch, true
}

func (l Line[T, U]) Run(ctx context.Context) error {
	var once sync.Once
	within, quit := context.WithCancel(ctx)
	defer quit()
	results := make(chan U)
	go func() {
		defer close(results)
		Consume(Produce(within, l.Room, l.Producers...), l.Workers, func(item T) { results <- l.Work(item) })
	}()
	var failure error
	err := Batch(results, l.Size, l.Wait, func(batch []U) error {
		err := l.Store(batch)
		if err != nil {
			once.Do(func() { failure = err; quit() })
		}
		return err
	})
	for range results { // lost
	}
	if err != nil {
		return failure
	}
	return ctx.Err()
}
