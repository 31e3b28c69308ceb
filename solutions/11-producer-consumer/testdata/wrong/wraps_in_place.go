// want: fail in TestFirst

// First replaces the producers in the caller's slice, who cannot use it again.
package producer

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// A Producer makes items and calls put for each of them.
type Producer[T any] func(put func(item T) error)

var errEnough = errors.New("producer: there is enough")

// Produce calls the producers and counts those that have returned.
func Produce[T any](ctx context.Context, room int, producers ...Producer[T]) <-chan T {
	items := make(chan T, room)
	if len(producers) == 0 {
		close(items)
		return items
	}
	gone := make(chan struct{})
	detach := context.AfterFunc(ctx, func() { close(gone) })
	put := func(item T) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		select {
		case items <- item:
			return nil
		case <-gone:
			return ctx.Err()
		}
	}
	returned := make(chan struct{})
	for _, produce := range producers {
		go func() {
			defer func() { returned <- struct{}{} }()
			produce(put)
		}()
	}
	n := len(producers)
	go func() {
		for range n {
			<-returned
		}
		if !detach() {
			<-gone
		}
		close(items)
	}()
	return items
}

// Consume has one worker at a time wait for an item; who has one lets the next one wait.
func Consume[T any](items <-chan T, workers int, work func(item T)) {
	var lead sync.Mutex
	var busy sync.WaitGroup
	for range workers {
		busy.Go(func() {
			for {
				lead.Lock()
				item, open := <-items
				lead.Unlock()
				if !open {
					return
				}
				work(item)
			}
		})
	}
	busy.Wait()
}

// First tells the producers by a flag, and those who wait by a context.
func First[T any](ctx context.Context, n, workers int, want func(item T) bool, producers ...Producer[T]) ([]T, error) {
	making, cancel := context.WithCancel(ctx)
	defer cancel()
	var enough atomic.Bool
	told := producers
	for i, produce := range producers {
		told[i] = func(put func(item T) error) {
			produce(func(item T) error {
				if enough.Load() {
					return errEnough
				}
				return put(item)
			})
		}
	}
	found := make(chan T)
	go func() {
		defer close(found)
		Consume(Produce(making, 0, told...), workers, func(item T) {
			if want(item) {
				found <- item
			}
		})
	}()
	var first []T
	for item := range found {
		if len(first) < n {
			first = append(first, item)
		}
		if len(first) == n && ctx.Err() == nil {
			enough.Store(true)
			cancel()
			for range found {
			}
			return first, nil
		}
	}
	return first, ctx.Err()
}

// Batch uses one timer for all batches, one after the other.
func Batch[T any](items <-chan T, size int, wait time.Duration, flush func(batch []T) error) error {
	timer := time.NewTimer(wait)
	timer.Stop()
	defer timer.Stop()
	var batch []T
	for {
		select {
		case item, open := <-items:
			if !open {
				if len(batch) == 0 {
					return nil
				}
				return flush(batch)
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
		timer.Stop()
		full := batch
		batch = nil
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

// Run stops the producers from within Store.
func (l Line[T, U]) Run(ctx context.Context) error {
	making, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	items := Produce(making, l.Room, l.Producers...)
	results := make(chan U)
	go func() {
		defer close(results)
		Consume(items, l.Workers, func(item T) { results <- l.Work(item) })
	}()
	var failure error
	Batch(results, l.Size, l.Wait, func(batch []U) error {
		failure = l.Store(batch)
		if failure != nil {
			stop(failure)
		}
		return failure
	})
	for range results { // nothing, unless Store has failed
	}
	if failure != nil {
		return failure
	}
	return ctx.Err()
}
