// want: fail in TestRun

// A result that is nil is taken for none.
package producer

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// A Producer makes items and calls put for each of them.
type Producer[T any] func(put func(item T) error)

// Produce calls the producers. The last of them to return closes the channel.
func Produce[T any](ctx context.Context, room int, producers ...Producer[T]) <-chan T {
	items := make(chan T, room)
	if len(producers) == 0 {
		close(items)
		return items
	}
	var left atomic.Int64
	left.Store(int64(len(producers)))
	put := func(item T) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		select {
		case items <- item: // the fast way
			return nil
		default:
		}
		select {
		case items <- item:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	for _, produce := range producers {
		go func() {
			defer func() {
				if left.Add(-1) == 0 {
					close(items)
				}
			}()
			produce(put)
		}()
	}
	return items
}

// Consume starts a goroutine for each item, but takes a place for it before the item.
func Consume[T any](items <-chan T, workers int, work func(item T)) {
	var busy sync.WaitGroup
	places := make(chan struct{}, workers)
	for {
		places <- struct{}{}
		item, open := <-items
		if !open {
			break
		}
		busy.Go(func() {
			defer func() { <-places }()
			work(item)
		})
	}
	busy.Wait()
}

// First gathers under a mutex.
func First[T any](ctx context.Context, n, workers int, want func(item T) bool, producers ...Producer[T]) ([]T, error) {
	making, enough := context.WithCancel(ctx)
	defer enough()
	var (
		mu       sync.Mutex
		first    []T
		complete bool // n were there before ctx ended
	)
	Consume(Produce(making, 0, producers...), workers, func(item T) {
		if !want(item) {
			return
		}
		mu.Lock()
		defer mu.Unlock()
		if len(first) == n {
			return
		}
		first = append(first, item)
		if len(first) == n {
			complete = ctx.Err() == nil
			enough()
		}
	})
	if complete {
		return first, nil
	}
	return first, ctx.Err()
}

// Batch gives each batch a context that ends when its time is over.
func Batch[T any](items <-chan T, size int, wait time.Duration, flush func(batch []T) error) error {
	for {
		item, open := <-items
		if !open {
			return nil
		}
		batch := []T{item}
		life, end := context.WithTimeout(context.Background(), wait)
		for len(batch) < size && open && life.Err() == nil {
			select {
			case item, open = <-items:
				if open {
					batch = append(batch, item)
				}
			case <-life.Done():
			}
		}
		end()
		if err := flush(batch); err != nil {
			return err
		}
		if !open {
			return nil
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

// Run stores in the background, and works in the foreground.
func (l Line[T, U]) Run(ctx context.Context) error {
	making, stop := context.WithCancel(ctx)
	defer stop()
	results := make(chan U)
	failed := make(chan struct{}) // closed when Store has failed
	stored := make(chan error, 1)
	go func() {
		err := Batch(results, l.Size, l.Wait, l.Store)
		if err != nil {
			stop()
			close(failed)
		}
		stored <- err
	}()
	Consume(Produce(making, l.Room, l.Producers...), l.Workers, func(item T) {
		select {
		case <-failed:
			return
		default:
		}
		result := l.Work(item)
		if any(result) == nil {
			return // it has made nothing
		}
		select {
		case results <- result:
		case <-failed:
		}
	})
	close(results)
	if err := <-stored; err != nil {
		return err
	}
	return ctx.Err()
}
