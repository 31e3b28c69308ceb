// Package producer looks again and again, without a rest.
package producer

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// A Producer makes items and calls put for each of them.
type Producer[T any] func(put func(item T) error)

// Produce looks whether there is room, and whether all producers have returned.
func Produce[T any](ctx context.Context, room int, producers ...Producer[T]) <-chan T {
	items := make(chan T, room)
	var returned atomic.Int64
	put := func(item T) error {
		for ctx.Err() == nil {
			select {
			case items <- item:
				return nil
			default:
				runtime.Gosched()
			}
		}
		return ctx.Err()
	}
	for _, produce := range producers {
		go func() {
			produce(put)
			returned.Add(1)
		}()
	}
	go func() {
		for int(returned.Load()) < len(producers) {
			runtime.Gosched()
		}
		close(items)
	}()
	return items
}

// Consume looks whether a worker is free before it receives.
func Consume[T any](items <-chan T, workers int, work func(item T)) {
	var busy atomic.Int64
	idle := func(n int) {
		for int(busy.Load()) > n {
			runtime.Gosched()
		}
	}
	for {
		idle(workers - 1)
		item, open := <-items
		if !open {
			idle(0)
			return
		}
		busy.Add(1)
		go func() {
			defer busy.Add(-1)
			work(item)
		}()
	}
}

// First looks whether the workers have found enough.
func First[T any](ctx context.Context, n, workers int, want func(item T) bool, producers ...Producer[T]) ([]T, error) {
	quit, cancel := context.WithCancel(ctx)
	defer cancel()
	var mu sync.Mutex
	var first []T
	var done atomic.Bool
	go func() {
		defer done.Store(true)
		Consume(Produce(quit, 0, producers...), workers, func(item T) {
			if want(item) {
				mu.Lock()
				defer mu.Unlock()
				first = append(first, item)
			}
		})
	}()
	for !done.Load() {
		runtime.Gosched()
		mu.Lock()
		if len(first) >= n {
			cancel()
		}
		mu.Unlock()
	}
	if len(first) >= n {
		return first[:n:n], nil
	}
	return first, ctx.Err()
}

// Batch looks whether an item is there, and at the clock.
func Batch[T any](items <-chan T, size int, wait time.Duration, flush func(batch []T) error) error {
	var batch []T
	var due time.Time
	for open := true; open; {
		full := false
		select {
		case item, more := <-items:
			if open = more; !open {
				break
			}
			if batch = append(batch, item); len(batch) == 1 {
				due = time.Now().Add(wait)
			}
			full = len(batch) == size
		default:
			full = len(batch) > 0 && !time.Now().Before(due)
			if !full {
				runtime.Gosched()
			}
		}
		if len(batch) > 0 && (full || !open) {
			if err := flush(batch); err != nil {
				return err
			}
			batch = nil
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

// Run joins what its parts have to say.
func (l Line[T, U]) Run(ctx context.Context) error {
	making, stop := context.WithCancel(ctx)
	defer stop()
	results := make(chan U)
	go func() {
		defer close(results)
		Consume(Produce(making, l.Room, l.Producers...), l.Workers, func(item T) { results <- l.Work(item) })
	}()
	var failed error
	for failed == nil {
		failed = Batch(results, l.Size, l.Wait, l.Store)
		if failed == nil {
			return ctx.Err()
		}
		stop()
		for range results {
		}
	}
	return errors.Join(failed)
}
