// Package producer gives each job a goroutine of its own: one makes batches, one is the
// clock, one stores.
package producer

import (
	"context"
	"sync"
	"time"
)

// A Producer makes items and calls put for each of them.
type Producer[T any] func(put func(item T) error)

// Produce gives each producer a goroutine that says when it is done.
func Produce[T any](ctx context.Context, room int, producers ...Producer[T]) <-chan T {
	items, done := make(chan T, room), make(chan struct{})
	for _, produce := range producers {
		go func() {
			defer func() { done <- struct{}{} }()
			produce(func(item T) error {
				if err := ctx.Err(); err != nil {
					return err
				}
				select {
				case items <- item:
				case <-ctx.Done():
					return ctx.Err()
				}
				return nil
			})
		}()
	}
	go func() {
		for range producers {
			<-done
		}
		close(items)
	}()
	return items
}

// Consume is a worker itself, and starts the others.
func Consume[T any](items <-chan T, workers int, work func(item T)) {
	done := make(chan struct{})
	worker := func() {
		for {
			item, open := <-items
			if !open {
				return
			}
			work(item)
		}
	}
	for range workers - 1 {
		go func() {
			worker()
			done <- struct{}{}
		}()
	}
	worker()
	for range workers - 1 {
		<-done
	}
}

// First has a worker tell what it has found and wait for the answer.
func First[T any](ctx context.Context, n, workers int, want func(item T) bool, producers ...Producer[T]) ([]T, error) {
	quit, cancel := context.WithCancel(ctx)
	found, result := make(chan T), make(chan []T, 1)
	go func() {
		var first []T
		for item := range found {
			if len(first) == n {
				continue
			}
			if first = append(first, item); len(first) == n {
				cancel()
			}
		}
		result <- first
	}()
	Consume(Produce(quit, 0, producers...), workers, func(item T) {
		if want(item) {
			select {
			case found <- item:
			case <-quit.Done():
			}
		}
	})
	close(found)
	first := <-result
	cancel()
	if len(first) == n {
		return first, nil
	}
	return first, ctx.Err()
}

// Batch counts the time that is left, for each item anew.
func Batch[T any](items <-chan T, size int, wait time.Duration, flush func(batch []T) error) error {
	for {
		item, open := <-items
		if !open {
			return nil
		}
		batch, due := []T{item}, time.Now().Add(wait)
		for len(batch) < size && open {
			ctx, cancel := context.WithDeadline(context.Background(), due)
			select {
			case item, open = <-items:
				if open {
					batch = append(batch, item)
				}
				cancel()
				continue
			case <-ctx.Done():
			}
			cancel()
			break
		}
		if err := flush(batch); err != nil {
			return err
		}
		if !open {
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

// Run has three goroutines of its own, and is told how each of them ended.
func (l Line[T, U]) Run(ctx context.Context) error {
	making, stop := context.WithCancel(ctx)
	defer stop()
	results, stored := make(chan U), make(chan error)
	go func() { stored <- Batch(results, l.Size, l.Wait, l.Store) }()
	worked := make(chan struct{})
	var gone sync.Once
	failed := make(chan struct{})
	go func() {
		defer close(worked)
		Consume(Produce(making, l.Room, l.Producers...), l.Workers, func(item T) {
			result := l.Work(item)
			select {
			case results <- result:
			case <-failed:
			}
		})
	}()
	for {
		select {
		case <-worked:
			worked = nil
			close(results)
		case err := <-stored:
			if err == nil {
				return ctx.Err()
			}
			stop()
			gone.Do(func() { close(failed) })
			if worked != nil {
				<-worked
			}
			return err
		}
	}
}
