// One Put and one Get at a time wait for room or an item. The others wait for their turn, or for the ends of
// their contexts.
package queue

import (
	"container/heap"
	"context"
	"errors"
	"sync"
)

var (
	// ErrFull says that there is no room.
	ErrFull = errors.New("queue is full")
	// ErrEmpty says that there is no item.
	ErrEmpty = errors.New("queue is empty")
)

// A Queue holds items from when they are put in until they are taken out.
type Queue[T any] interface {
	TryPut(item T) error
	TryGet() (T, error)
	Len() int
	Put(ctx context.Context, item T) error
	Get(ctx context.Context) (T, error)
}

// queue is all three kinds of a Queue: locking and waiting know nothing of the order, and
// the order knows nothing of locks.
//
// Those who wait for room and those who wait for an item have a condition of their own. On
// a common one a Signal could wake somebody of the same kind as the caller, who cannot do
// anything, while the one who could sleeps on.
type queue[T any] struct {
	room int // zero or less: any number

	mu       sync.Mutex
	items    order[T]   // guarded by mu
	notFull  *sync.Cond // on mu: for Put
	notEmpty *sync.Cond // on mu: for Get

	putting, getting chan struct{} // has a value while somebody is in Put, or in Get
}

// An order holds items and knows which is next. Its caller holds the queue's lock, and
// does not pop from an empty one.
type order[T any] interface {
	push(item T)
	pop() T
	len() int
}

// NewFIFO returns an empty queue whose first item leaves first.
func NewFIFO[T any](room int) Queue[T] {
	return newQueue(room, &fifo[T]{})
}

// NewLIFO returns an empty queue whose last item leaves first.
func NewLIFO[T any](room int) Queue[T] {
	return newQueue(room, &lifo[T]{})
}

// NewPriority returns an empty queue whose least item leaves first.
func NewPriority[T any](room int, compare func(a, b T) int) Queue[T] {
	return newQueue(room, &byPriority[T]{heap: entries[T]{compare: compare}})
}

func newQueue[T any](room int, items order[T]) *queue[T] {
	q := &queue[T]{room: room, items: items, putting: make(chan struct{}, 1), getting: make(chan struct{}, 1)}
	q.notFull, q.notEmpty = sync.NewCond(&q.mu), sync.NewCond(&q.mu)
	return q
}

// TryPut puts item in, or returns ErrFull.
func (q *queue[T]) TryPut(item T) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.hasRoom() {
		return ErrFull
	}
	q.put(item)
	return nil
}

// TryGet takes the next item out, or returns ErrEmpty.
func (q *queue[T]) TryGet() (T, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.hasItem() {
		var none T
		return none, ErrEmpty
	}
	return q.get(), nil
}

// Len returns how many items are in the queue.
func (q *queue[T]) Len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.items.len()
}

// Put puts item in, when there is room.
func (q *queue[T]) Put(ctx context.Context, item T) error {
	if err := take(ctx, q.putting); err != nil {
		return err
	}
	defer func() { <-q.putting }()
	q.mu.Lock()
	defer q.mu.Unlock()
	if err := wait(ctx, q.notFull, q.hasRoom); err != nil {
		return err
	}
	q.put(item)
	return nil
}

// Get takes the next item out, when there is one.
func (q *queue[T]) Get(ctx context.Context) (T, error) {
	var none T
	if err := take(ctx, q.getting); err != nil {
		return none, err
	}
	defer func() { <-q.getting }()
	q.mu.Lock()
	defer q.mu.Unlock()
	if err := wait(ctx, q.notEmpty, q.hasItem); err != nil {
		return none, err
	}
	return q.get(), nil
}

// take takes a turn, which is held by one at a time.
func take(ctx context.Context, turn chan struct{}) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// The caller of these four holds mu.

func (q *queue[T]) hasRoom() bool { return q.room <= 0 || q.items.len() < q.room }

func (q *queue[T]) hasItem() bool { return q.items.len() > 0 }

// put wakes one who waits for an item, whether the queue was empty or not: two items may
// come before the first of two who sleep has got up.
func (q *queue[T]) put(item T) {
	q.items.push(item)
	q.notEmpty.Signal()
}

func (q *queue[T]) get() T {
	item := q.items.pop()
	q.notFull.Signal()
	return item
}

// wait returns nil when ready is true, or an error when ctx has ended. Its caller holds
// the lock of changed.
//
// The loop looks at ready first and at ctx second. Whoever has been woken by Signal has a
// duty: there is an item, and nobody else was told. If he left because his context has
// ended as well, the next one would sleep beside the item.
//
// A Cond knows nothing of contexts, so the end of ctx wakes everybody, and each one looks
// whether it was his. It takes the lock to do so: otherwise it could come between
// somebody's look at ctx and his Wait, and wake nobody.
func wait(ctx context.Context, changed *sync.Cond, ready func() bool) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if ready() {
		return nil
	}
	defer context.AfterFunc(ctx, func() {
		changed.L.Lock()
		defer changed.L.Unlock()
		changed.Broadcast()
	})()
	for !ready() {
		if err := ctx.Err(); err != nil {
			return err
		}
		changed.Wait() // and then look again: somebody else may have been quicker
	}
	return nil
}

type fifo[T any] struct{ items []T }

func (f *fifo[T]) push(item T) { f.items = append(f.items, item) }

func (f *fifo[T]) pop() T {
	item := f.items[0]
	var none T
	f.items[0] = none // the array stays for a while, and must not keep the item alive
	f.items = f.items[1:]
	return item
}

func (f *fifo[T]) len() int { return len(f.items) }

type lifo[T any] struct{ items []T }

func (l *lifo[T]) push(item T) { l.items = append(l.items, item) }

func (l *lifo[T]) pop() T {
	last := len(l.items) - 1
	item := l.items[last]
	var none T
	l.items[last] = none
	l.items = l.items[:last]
	return item
}

func (l *lifo[T]) len() int { return len(l.items) }

// byPriority is a heap. A heap keeps no order among equal items, so each gets a number when
// it comes, and the number decides.
type byPriority[T any] struct {
	heap entries[T]
	came uint64 // items so far
}

func (p *byPriority[T]) push(item T) {
	p.came++
	heap.Push(&p.heap, entry[T]{item, p.came})
}

func (p *byPriority[T]) pop() T { return heap.Pop(&p.heap).(entry[T]).item }

func (p *byPriority[T]) len() int { return p.heap.Len() }

// entries is what container/heap works on.
type entries[T any] struct {
	compare func(a, b T) int
	all     []entry[T]
}

type entry[T any] struct {
	item   T
	number uint64
}

func (e *entries[T]) Len() int { return len(e.all) }

func (e *entries[T]) Less(i, j int) bool {
	a, b := e.all[i], e.all[j]
	if c := e.compare(a.item, b.item); c != 0 {
		return c < 0
	}
	return a.number < b.number
}

func (e *entries[T]) Swap(i, j int) { e.all[i], e.all[j] = e.all[j], e.all[i] }

func (e *entries[T]) Push(x any) { e.all = append(e.all, x.(entry[T])) }

func (e *entries[T]) Pop() any {
	last := len(e.all) - 1
	x := e.all[last]
	e.all[last] = entry[T]{}
	e.all = e.all[:last]
	return x
}
