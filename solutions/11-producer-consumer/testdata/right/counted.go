// Package producer counts: the last to go closes, permits limit the work, one loop makes
// the batches.
package producer

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// A Producer makes items and calls put for each of them.
type Producer[T any] func(put func(item T) error)

// Produce calls the producers. The last one to return closes the channel.
func Produce[T any](ctx context.Context, room int, producers ...Producer[T]) <-chan T {
	items := make(chan T, room)
	var left atomic.Int64
	left.Store(int64(len(producers)))
	if len(producers) == 0 {
		close(items)
	}
	for _, produce := range producers {
		go func() {
			produce(func(item T) error {
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
			})
			if left.Add(-1) == 0 {
				close(items)
			}
		}()
	}
	return items
}

// Consume takes a permit before it receives, and starts a goroutine for each item.
func Consume[T any](items <-chan T, workers int, work func(item T)) {
	permits := make(chan struct{}, workers)
	for {
		permits <- struct{}{}
		item, open := <-items
		if !open {
			break
		}
		go func() {
			defer func() { <-permits }()
			work(item)
		}()
	}
	for range workers - 1 { // all but the one that is in our hand
		permits <- struct{}{}
	}
}

// First lets the workers gather, under a lock.
func First[T any](ctx context.Context, n, workers int, want func(item T) bool, producers ...Producer[T]) ([]T, error) {
	quit, cancel := context.WithCancel(ctx)
	defer cancel()
	var mu sync.Mutex
	var first []T
	Consume(Produce(quit, 0, producers...), workers, func(item T) {
		if !want(item) {
			return
		}
		mu.Lock()
		defer mu.Unlock()
		if len(first) < n {
			first = append(first, item)
		}
		if len(first) == n {
			cancel()
		}
	})
	if len(first) == n {
		return first, nil
	}
	return first, ctx.Err()
}

// Batch is one loop with one select.
func Batch[T any](items <-chan T, size int, wait time.Duration, flush func(batch []T) error) error {
	var batch []T
	var due <-chan time.Time // nil while the batch is empty
	for {
		closed := false
		select {
		case item, open := <-items:
			if closed = !open; closed {
				break
			}
			if batch = append(batch, item); len(batch) == 1 {
				due = time.After(wait)
			}
			if len(batch) < size {
				continue
			}
		case <-due:
		}
		full := batch
		batch, due = nil, nil
		if len(full) > 0 {
			if err := flush(full); err != nil {
				return err
			}
		}
		if closed {
			return nil
		}
	}
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

// Run lets the workers go by a channel of its own, not by ctx.
func (l Line[T, U]) Run(ctx context.Context) error {
	making, stop := context.WithCancel(ctx)
	failed := make(chan struct{})
	results := make(chan U)
	var workers sync.WaitGroup
	workers.Go(func() {
		defer close(results)
		Consume(Produce(making, l.Room, l.Producers...), l.Workers, func(item T) {
			select {
			case <-failed:
				return
			default:
			}
			result := l.Work(item)
			select {
			case results <- result:
			case <-failed:
			}
		})
	})
	err := Batch(results, l.Size, l.Wait, l.Store)
	if err != nil {
		close(failed)
	} else {
		err = ctx.Err()
	}
	stop()
	workers.Wait()
	return err
}
