// Package producer is chapter 11: some who make things, some who use them up, and a queue
// with little room in between. In Python you would reach for threads and a
// queue.Queue(maxsize).
//
// Everything here may be called by any number of goroutines at the same time. The
// functions that it is given do not panic; all of them may take their time.
package producer

import (
	"context"
	"time"
)

// A Producer makes items and calls put for each of them, one after the other, on its own
// goroutine and before it returns. When put has returned an error nobody wants any more:
// the producer puts nothing after that, and returns soon.
type Producer[T any] func(put func(item T) error)

// Produce calls the producers, each on a goroutine of its own, and returns at once, with
// the channel on which their items come. In Python: a queue.Queue(maxsize=room).
//
// There is room, zero or more, for that many items which have been put and not yet been
// received, those of all producers together. Put blocks while there is no room, and
// returns nil when the item is in there; with room for none, when it has been received.
// First in, first out: if put had returned for one item before it was called for another,
// the one is received before the other. What a producer has done before put is visible to
// whoever receives the item.
//
// When all producers have returned, and not before, the channel is closed; what is in it
// can still be received. Then nothing is left in the background. If there are no
// producers it is closed without further ado.
//
// If ctx has ended when put is called, or ends while put waits, put puts nothing and
// returns ctx.Err(): at once in the first case, even if there is room. If room comes at
// the moment when ctx ends, put may do either, and says which: what it returns nil for
// can be received, also after that, and nothing else can.
//
// Whoever stops receiving before the channel is closed ends ctx. Nobody stays blocked
// then, whether what is left is received or not.
func Produce[T any](ctx context.Context, room int, producers ...Producer[T]) <-chan T {
	// TODO(11.1): one channel for all of them. Who closes it, and when?
	// TODO(11.3): put must not wait for somebody who has gone.
	items := make(chan T)
	close(items)
	return items
}

// Consume receives items and calls work for each of them. When items is closed and all
// calls have returned it returns, and what they did is visible to the caller.
//
// At most workers calls run at the same time, one or more, and as many as that as long as
// there are items. An item is received when there is a worker free to begin with it, and
// not before: as long as all are busy, those who send feel it. With one worker the calls
// come in the order of the items; with several, calls that begin together may begin in
// any.
func Consume[T any](items <-chan T, workers int, work func(item T)) {
	// TODO(11.2): so many and no more. When is it over, and for whom?
}

// First is a pipeline of three stages that work at the same time. The producers make items, as in
// Produce, with room for none. For each item want is called by one of so many workers, as
// in Consume. The last stage gathers the items for which it returned true, and quits when
// it has n of them, one or more.
//
// Then the stages before it end too: put returns an error, any error, to whoever calls it from then
// on or waits in it. (As this happens, each of the producers may put one more item, and
// want may be called for what has been put.) First returns when all producers and all
// calls of want have returned, and nothing is left in the background. It returns n items, each as
// often as it was put, in any order, and nil; if want has returned true for more, n of
// those.
//
// n may be far more than there are: with math.MaxInt First returns all that are wanted.
//
// If all producers return before there are n, First returns what there is, and nil; or
// ctx.Err(), if ctx has ended after they returned and before First does. If ctx ends while a
// producer still runs, and there are not n yet, put returns ctx.Err(), and First returns
// what has been found so far, and ctx.Err(); an item for which want returns true as ctx
// ends, or later, may be missing.
func First[T any](ctx context.Context, n, workers int, want func(item T) bool, producers ...Producer[T]) ([]T, error) {
	// TODO(11.3): when you have enough, who is still blocked, and what lets him go?
	return nil, nil
}

// Batch receives items and hands them to flush, several at a time, in the order in which
// they came, each once.
//
// A batch is flushed as soon as it holds size items, one or more; or when the duration
// wait, which is positive (math.MaxInt64: for ever), has passed since its first item was
// received; or when items is closed. It is flushed at once then, with as many items as it
// holds, and never with none. (An item that comes at the very moment when the time is over
// is the last of this batch or the first of the next.)
//
// Calls of flush do not overlap, and while one runs no items are received: those who
// send feel it. The slice belongs to flush, which may keep and change it.
//
// When items is closed and everything has been flushed Batch returns nil. If flush returns an error Batch
// returns it at once: it flushes and receives nothing more. Nothing is left in the
// background then.
func Batch[T any](items <-chan T, size int, wait time.Duration, flush func(batch []T) error) error {
	// TODO(11.4): three things end a batch. Which of them did you forget?
	return nil
}

// A Line is a production line: producers, a queue, workers, and a store for what they
// make. All fields have to be set.
type Line[T, U any] struct {
	Producers []Producer[T]
	Room      int                     // how many items may wait for a worker, as in Produce
	Workers   int                     // as in Consume
	Work      func(item T) U          // called once for each item
	Size      int                     // how many results are stored at a time, as in Batch
	Wait      time.Duration           // and how long the first of them waits, as in Batch
	Store     func(results []U) error // calls do not overlap
}

// Run runs the line once, all parts of it at the same time, and returns when nothing of it
// is left in the background. What the functions did is visible to the caller then.
//
// The line lets the producers feel how fast it is. While Store runs, each worker that has
// a result keeps it, and takes no other item before it has been able to hand it over;
// while no worker is free, Room items wait; while they do, put blocks.
//
// When all producers have returned, everything that they have put is worked on and
// stored, what is left for the last call of Store without waiting for more, and Run
// returns nil.
//
// If ctx ends, put returns ctx.Err(), as in Produce. That is all that it does: producers
// are called even if it has ended before, and whatever has been put is worked on and
// stored just the same. Run returns ctx.Err() if ctx ended before the producers had
// returned, and may do so if it ended before Run returns.
//
// If Store returns an error it is not called again, and Run returns that error, whatever
// ctx says. Put returns an error to whoever calls it from then on or waits in it.
// What was on its way is lost: Work may be called for it or not.
func (l Line[T, U]) Run(ctx context.Context) error {
	// TODO(11.5): put the parts together. There are two ways to end: which of them may
	// lose something?
	return nil
}
