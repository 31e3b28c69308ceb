// Package producer hands things on: each producer waits for the one before it, each worker
// hires the next, what has been found lies in a basket, and a batch goes from state to state.
package producer

import (
	"context"
	"sync"
	"time"
)

// A Producer makes items and calls put for each of them.
type Producer[T any] func(put func(item T) error)

// Produce calls the producers. Each one that has returned waits for the one before it; when
// the last one has done so all have returned.
func Produce[T any](ctx context.Context, room int, producers ...Producer[T]) <-chan T {
	items := make(chan T, room)
	put := func(item T) error {
		if ctx.Err() == nil {
			select {
			case items <- item:
				return nil
			case <-ctx.Done():
			}
		}
		return ctx.Err()
	}
	before := make(chan struct{})
	close(before)
	for _, produce := range producers {
		after := make(chan struct{})
		go func(before <-chan struct{}) {
			produce(put)
			<-before
			close(after)
		}(before)
		before = after
	}
	if len(producers) == 0 {
		close(items)
		return items
	}
	last := before
	go func() {
		<-last
		close(items)
	}()
	return items
}

// Consume is the first worker. Whoever has got his first item hires the next worker.
func Consume[T any](items <-chan T, workers int, work func(item T)) {
	var hired sync.WaitGroup
	var worker func(more int) // so many more may be hired
	worker = func(more int) {
		for item := range items {
			if more > 0 {
				left := more - 1
				hired.Go(func() { worker(left) })
				more = 0 // the next one sees to the others
			}
			work(item)
		}
	}
	worker(workers - 1)
	hired.Wait()
}

// First gathers in a basket that is passed around: whoever has it may put something in.
func First[T any](ctx context.Context, n, workers int, want func(item T) bool, producers ...Producer[T]) ([]T, error) {
	making, enough := context.WithCancel(ctx)
	defer enough()
	type basket struct {
		items []T
		err   error // of ctx, when the last one was put in
	}
	here := make(chan basket, 1)
	here <- basket{}
	Consume(Produce(making, 0, producers...), workers, func(item T) {
		if !want(item) {
			return
		}
		b := <-here
		if len(b.items) < n {
			b.items = append(b.items, item)
			if len(b.items) == n {
				b.err = ctx.Err()
				enough()
			}
		}
		here <- b
	})
	b := <-here
	if len(b.items) < n {
		b.err = ctx.Err()
	}
	return b.items, b.err
}

// Batch goes from state to state, each of which says what the next one is.
func Batch[T any](items <-chan T, size int, wait time.Duration, flush func(batch []T) error) error {
	b := &batcher[T]{items: items, size: size, wait: wait, flush: flush}
	for next := state[T](empty[T]); next != nil; {
		next = next(b)
	}
	return b.err
}

type batcher[T any] struct {
	items <-chan T
	size  int
	wait  time.Duration
	flush func(batch []T) error

	batch []T
	timer *time.Timer
	err   error
}

type state[T any] func(b *batcher[T]) state[T]

// empty: there is nothing in the batch.
func empty[T any](b *batcher[T]) state[T] {
	item, open := <-b.items
	if !open {
		return nil
	}
	b.timer = time.NewTimer(b.wait)
	b.batch = append(b.batch, item)
	return some[T]
}

// some: there is something in the batch.
func some[T any](b *batcher[T]) state[T] {
	if len(b.batch) >= b.size {
		return full[T]
	}
	select {
	case item, open := <-b.items:
		if !open {
			return last[T]
		}
		b.batch = append(b.batch, item)
		return some[T]
	case <-b.timer.C:
		return full[T]
	}
}

// full: the batch has to go.
func full[T any](b *batcher[T]) state[T] {
	b.timer.Stop()
	batch := b.batch
	b.batch = nil
	if b.err = b.flush(batch); b.err != nil {
		return nil
	}
	return empty[T]
}

// last: the batch has to go, and there is none after it.
func last[T any](b *batcher[T]) state[T] {
	full(b)
	return nil
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

// Run runs the line once. A worker leaves its result where it is when the store has
// failed.
func (l Line[T, U]) Run(ctx context.Context) error {
	making, stop := context.WithCancel(ctx)
	defer stop()
	broken, smash := context.WithCancel(context.WithoutCancel(ctx))
	defer smash()
	results := make(chan U)
	var stored error
	var store sync.WaitGroup
	store.Go(func() {
		stored = Batch(results, l.Size, l.Wait, l.Store)
		if stored != nil {
			stop()
			smash()
		}
	})
	Consume(Produce(making, l.Room, l.Producers...), l.Workers, func(item T) {
		result := l.Work(item)
		select {
		case results <- result:
		case <-broken.Done():
		}
	})
	close(results)
	store.Wait()
	if stored != nil {
		return stored
	}
	return ctx.Err()
}
