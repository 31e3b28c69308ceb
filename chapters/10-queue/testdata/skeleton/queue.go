// Package queue is chapter 10: queues with limited room, which many goroutines put items
// into and take items out of, in three orders and behind one interface. In Python you
// would reach for the module queue: Queue, LifoQueue and PriorityQueue.
//
// Everything here may be called by any number of goroutines at the same time. Nothing
// here has a Close, so nothing may leave a goroutine running behind it.
package queue

import (
	"context"
	"errors"
)

var (
	// ErrFull says that there is no room. In Python: queue.Full.
	ErrFull = errors.New("queue is full")
	// ErrEmpty says that there is no item. In Python: queue.Empty.
	ErrEmpty = errors.New("queue is empty")
)

// A Queue holds items from when they are put in until they are taken out. There are three
// kinds, which differ only in which item leaves next: see NewFIFO, NewLIFO, NewPriority.
//
// Every call takes effect in one step, at some moment between its call and its return:
// what all of them return together is what they could have returned one after the other,
// in the order of these moments. What somebody did before he put an item in is visible to
// whoever takes it out.
type Queue[T any] interface {
	// TryPut puts item in and returns nil. If the queue is full it changes nothing and
	// returns ErrFull. It never waits for room. In Python: put_nowait.
	TryPut(item T) error

	// TryGet takes the next item out and returns it. If the queue is empty it returns
	// the zero value and ErrEmpty. It never waits for an item. In Python: get_nowait.
	TryGet() (T, error)

	// Len returns how many items are in the queue. In Python: qsize.
	Len() int

	// Put puts item in and returns nil. While the queue is full it waits. Of those who
	// wait, any one may be next, and so may somebody who comes later; but nobody goes on
	// waiting while there is room.
	//
	// If ctx has ended when Put is called, or ends while it waits, Put puts nothing in,
	// then or later, and returns ctx.Err(): at once in the first case, even if there is
	// room. If there is room at the moment when ctx ends, Put may do either. In Python:
	// put, with a timeout.
	Put(ctx context.Context, item T) error

	// Get takes the next item out and returns it. While the queue is empty it waits. Of
	// those who wait, any one may be next, and so may somebody who comes later; but nobody
	// goes on waiting while there is an item.
	//
	// If ctx has ended when Get is called, or ends while it waits, Get takes nothing out,
	// then or later, and returns the zero value and ctx.Err(): at once in the first case,
	// even if there is an item. If there is one at the moment when ctx ends, Get may do
	// either. In Python: get, with a timeout.
	Get(ctx context.Context) (T, error)
}

// queue may be all three kinds of a Queue, if you like.
type queue[T any] struct {
	// TODO(10.1): the items, how many there may be, and what guards both.
	// TODO(10.4): what do those wait for who find it full, and what those who find it empty?
}

// NewFIFO returns an empty queue with room for that many items; if room is zero or
// negative, for any number: then it is never full. Items take memory, room does not:
// math.MaxInt is a room like others. The item that was put in first leaves first. In
// Python: Queue(maxsize).
func NewFIFO[T any](room int) Queue[T] {
	return &queue[T]{}
}

// NewLIFO is NewFIFO for a queue in which the item that was put in last leaves first. In
// Python: LifoQueue(maxsize).
func NewLIFO[T any](room int) Queue[T] {
	// TODO(10.2): what is different, and what is not?
	return &queue[T]{}
}

// NewPriority is NewFIFO for a queue in which the item leaves first that is least by
// compare; of several such items, the one that was put in first. In Python:
// PriorityQueue(maxsize), whose items are compared with <, and which promises nothing
// about equal ones.
//
// Compare returns a negative number if a is less than b, a positive one if b is less than
// a, and 0 if neither is, as for slices.SortFunc. It does not use the queue, though it may
// use others, and may be called at any time, from any goroutine that uses the queue.
func NewPriority[T any](room int, compare func(a, b T) int) Queue[T] {
	// TODO(10.3): the least one first, and equal ones in turn.
	return &queue[T]{}
}

func (q *queue[T]) TryPut(item T) error {
	// TODO(10.1): look and put in one step.
	return nil
}

func (q *queue[T]) TryGet() (T, error) {
	// TODO(10.1): look and take in one step.
	var none T
	return none, nil
}

func (q *queue[T]) Len() int {
	// TODO(10.1): looking is using, too.
	return -1
}

func (q *queue[T]) Put(ctx context.Context, item T) error {
	// TODO(10.4): wait for room, and tell somebody that there is an item.
	// TODO(10.5): stop waiting when ctx ends, and leave no trace.
	return nil
}

func (q *queue[T]) Get(ctx context.Context) (T, error) {
	// TODO(10.4): wait for an item, and tell somebody that there is room.
	// TODO(10.5): stop waiting when ctx ends, lose no item, and keep nobody waiting.
	var none T
	return none, nil
}
