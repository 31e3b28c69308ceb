// want: fail in TestPutGivesUp

// Put waits for an hour, and then gives up as if ctx had ended.
package producer

import (
	"context"
	"sync"
	"time"
)

// A Producer makes items and calls put for each of them.
type Producer[T any] func(put func(item T) error)

// Produce calls the producers and returns the channel on which their items come.
//
// To close a channel is to say that nobody will send any more. One producer cannot know
// that of the others, so none of them closes it: the one who does has waited for them all.
//
// A buffered channel is the queue: its capacity is the room, and it needs nobody in the
// background, so that what is left in it can be received, or forgotten, when ctx has ended.
func Produce[T any](ctx context.Context, room int, producers ...Producer[T]) <-chan T {
	items := make(chan T, room)
	put := func(item T) error {
		if err := ctx.Err(); err != nil {
			return err // select would choose at random if there is room, too
		}
		select {
		case items <- item:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Hour):
			return context.DeadlineExceeded
		}
	}
	var running sync.WaitGroup
	for _, produce := range producers {
		running.Go(func() { produce(put) })
	}
	go func() {
		running.Wait()
		close(items)
	}()
	return items
}

// Consume receives items and calls work for each of them, at most workers at a time.
//
// Each worker receives for itself, when it has nothing else to do. A loop that receives
// and hands out would have one item in its hand for which no worker is free.
func Consume[T any](items <-chan T, workers int, work func(item T)) {
	var busy sync.WaitGroup
	for range workers {
		busy.Go(func() {
			for item := range items {
				work(item)
			}
		})
	}
	busy.Wait()
}

// First is a pipeline whose last stage quits when it has n items.
//
// Two things let the upstream go. Ending quit lets go of the producers, and going on to
// receive lets go of the workers: found is closed when the last of them has returned, so
// the same loop waits for all of it.
func First[T any](ctx context.Context, n, workers int, want func(item T) bool, producers ...Producer[T]) ([]T, error) {
	quit, cancel := context.WithCancel(ctx)
	defer cancel()
	items := Produce(quit, 0, producers...)
	found := make(chan T)
	go func() {
		defer close(found)
		Consume(items, workers, func(item T) {
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
		if len(first) == n {
			cancel()
		}
	}
	if len(first) < n {
		return first, ctx.Err() // not quit's, which is only ours
	}
	return first, nil
}

// Batch receives items and hands them to flush, several at a time.
func Batch[T any](items <-chan T, size int, wait time.Duration, flush func(batch []T) error) error {
	for {
		batch, open := collect(items, size, wait)
		if len(batch) > 0 {
			if err := flush(batch); err != nil {
				return err
			}
		}
		if !open {
			return nil
		}
	}
}

// collect returns the next batch, and whether there may be more after it.
//
// It waits for the first item however long it takes, and only then starts the timer: one
// timer for each batch, so none is left over from the batch before. The slice is a new one
// each time, because the last one is flush's.
func collect[T any](items <-chan T, size int, wait time.Duration) (batch []T, open bool) {
	first, open := <-items
	if !open {
		return nil, false
	}
	batch = append(batch, first)
	timer := time.NewTimer(wait)
	defer timer.Stop()
	for len(batch) < size {
		select {
		case item, open := <-items:
			if !open {
				return batch, false
			}
			batch = append(batch, item)
		case <-timer.C:
			return batch, true
		}
	}
	return batch, true
}

// A Line is a production line: producers, a queue, workers, and a store.
type Line[T, U any] struct {
	Producers []Producer[T]
	Room      int                     // how many items may wait for a worker
	Workers   int                     // how many calls of Work run at the same time
	Work      func(item T) U          // called once for each item
	Size      int                     // how many results are stored at a time
	Wait      time.Duration           // how long the first of them waits
	Store     func(results []U) error // calls do not overlap
}

// Run runs the line once.
//
// When ctx ends, only the producers hear of it. The channels are closed one after the other then,
// from the front to the back, each when what was before it is empty, as at any other end.
// A worker that looked at ctx as well would throw away the result in its hand.
//
// When Store fails nobody will take the results, and the workers would wait for ever: so
// they are received, and forgotten, until the last worker has gone.
func (l Line[T, U]) Run(ctx context.Context) error {
	making, stop := context.WithCancel(ctx)
	defer stop()
	items := Produce(making, l.Room, l.Producers...)
	results := make(chan U) // no room: it would be room for what Store has not taken yet
	go func() {
		defer close(results)
		Consume(items, l.Workers, func(item T) { results <- l.Work(item) })
	}()

	if err := Batch(results, l.Size, l.Wait, l.Store); err != nil {
		stop()
		for range results {
		}
		return err
	}
	return ctx.Err()
}
