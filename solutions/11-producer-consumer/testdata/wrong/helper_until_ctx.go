// want: leak in TestProduceCloses, leak in TestPutGivesUp

// Produce leaves a helper behind, which goes on waiting for the end of the context.
package producer

import (
	"context"
	"sync"
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

func Produce[T any](ctx context.Context, room int, producers ...Producer[T]) <-chan T {
	items := make(chan T, room)
	if len(producers) == 0 {
		close(items)
		return items
	}
	over := make(chan struct{})
	put := func(item T) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		select {
		case items <- item:
			return nil
		case <-over:
			return ctx.Err()
		}
	}
	if ctx.Done() != nil {
		go func() {
			<-ctx.Done() // for those who put
			close(over)
		}()
	}
	running := new(sync.WaitGroup)
	for _, produce := range producers {
		running.Go(func() { produce(put) })
	}
	go func() {
		running.Wait()
		close(items)
	}()
	return items
}

func Consume[T any](items <-chan T, workers int, work func(item T)) {
	var running sync.WaitGroup
	defer running.Wait()
	for range workers - 1 {
		running.Go(func() { each(items, work) })
	}
	each(items, work) // the caller is a worker, too
}

func each[T any](items <-chan T, work func(item T)) {
	for item := range items {
		work(item)
	}
}

func First[T any](ctx context.Context, n, workers int, want func(item T) bool, producers ...Producer[T]) ([]T, error) {
	within, enough := context.WithCancel(ctx)
	defer enough()
	var mu sync.Mutex
	var found []T
	Consume(Produce(within, 0, producers...), workers, func(item T) {
		if !want(item) {
			return
		}
		mu.Lock()
		defer mu.Unlock()
		if len(found) == n {
			return
		}
		if found = append(found, item); len(found) == n {
			enough()
		}
	})
	if len(found) == n {
		return found, nil
	}
	return found, ctx.Err()
}

func Batch[T any](items <-chan T, size int, wait time.Duration, flush func(batch []T) error) error {
	timer := time.NewTimer(wait)
	timer.Stop()
	defer timer.Stop()
	var batch []T
	out := func() error {
		timer.Stop()
		full := batch
		batch = nil
		return flush(full)
	}
	for {
		var due bool
		if len(batch) > 0 {
			select {
			case <-timer.C:
				due = true
			default:
			}
		}
		if !due {
			select {
			case item, more := <-items:
				if !more {
					if len(batch) > 0 {
						return out()
					}
					return nil
				}
				batch = append(batch, item)
				if len(batch) == 1 {
					timer.Reset(wait)
				}
				if len(batch) < size {
					continue
				}
			case <-timer.C:
			}
		}
		if err := out(); err != nil {
			return err
		}
	}
}

func (l Line[T, U]) Run(ctx context.Context) error {
	within, quit := context.WithCancel(ctx)
	defer quit()
	items := Produce(within, l.Room, l.Producers...)
	results, broken := make(chan U), make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer close(results)
		Consume(items, l.Workers, func(item T) {
			select {
			case results <- l.Work(item):
			case <-broken:
			}
		})
	}()
	err := Batch(results, l.Size, l.Wait, func(batch []U) error {
		err := l.Store(batch)
		if err != nil {
			quit()
			close(broken)
		}
		return err
	})
	<-done
	if err == nil {
		err = ctx.Err()
	}
	return err
}
