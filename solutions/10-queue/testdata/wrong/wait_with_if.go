// want: panic in TestTheRightOneWakes, panic in TestEverybodyWakes, panic in TestWokenTooLate, fail in TestWaitingTogether, panic in TestGivesUp

// Whoever has been woken does not look again: somebody may have taken what he was woken
// for.
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

type queue[T any] struct {
	room int // zero or less: any number

	mu       sync.Mutex
	items    order[T]   // guarded by mu
	notFull  *sync.Cond // on mu
	notEmpty *sync.Cond // on mu
}

// An order holds items and knows which is next.
type order[T any] interface {
	push(item T)
	pop() T
	len() int
}

func NewFIFO[T any](room int) Queue[T] {
	return newQueue(room, &fifo[T]{})
}

func NewLIFO[T any](room int) Queue[T] {
	return newQueue(room, &lifo[T]{})
}

func NewPriority[T any](room int, compare func(a, b T) int) Queue[T] {
	return newQueue(room, &byPriority[T]{heap: entries[T]{compare: compare}})
}

func newQueue[T any](room int, items order[T]) *queue[T] {
	q := &queue[T]{room: room, items: items}
	q.notFull, q.notEmpty = sync.NewCond(&q.mu), sync.NewCond(&q.mu)
	return q
}

func (q *queue[T]) TryPut(item T) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.hasRoom() {
		return ErrFull
	}
	q.put(item)
	return nil
}

func (q *queue[T]) TryGet() (T, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.hasItem() {
		var none T
		return none, ErrEmpty
	}
	return q.get(), nil
}

func (q *queue[T]) Len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.items.len()
}

func (q *queue[T]) Put(ctx context.Context, item T) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if err := wait(ctx, q.notFull, q.hasRoom); err != nil {
		return err
	}
	q.put(item)
	return nil
}

func (q *queue[T]) Get(ctx context.Context) (T, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if err := wait(ctx, q.notEmpty, q.hasItem); err != nil {
		var none T
		return none, err
	}
	return q.get(), nil
}

// The caller of these holds mu.

func (q *queue[T]) hasRoom() bool { return q.room <= 0 || q.items.len() < q.room }

func (q *queue[T]) hasItem() bool { return q.items.len() > 0 }

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
func wait(ctx context.Context, changed *sync.Cond, ready func() bool) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	defer context.AfterFunc(ctx, func() {
		changed.L.Lock()
		defer changed.L.Unlock()
		changed.Broadcast()
	})()
	if !ready() {
		changed.Wait()
		if !ready() && ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return nil
}

type fifo[T any] struct{ items []T }

func (f *fifo[T]) push(item T) { f.items = append(f.items, item) }

func (f *fifo[T]) pop() T {
	item := f.items[0]
	f.items = f.items[1:]
	return item
}

func (f *fifo[T]) len() int { return len(f.items) }

type lifo[T any] struct{ items []T }

func (l *lifo[T]) push(item T) { l.items = append(l.items, item) }

func (l *lifo[T]) pop() T {
	last := len(l.items) - 1
	item := l.items[last]
	l.items = l.items[:last]
	return item
}

func (l *lifo[T]) len() int { return len(l.items) }

// byPriority is a heap of items that are numbered as they come.
type byPriority[T any] struct {
	heap entries[T]
	came uint64
}

func (p *byPriority[T]) push(item T) {
	p.came++
	heap.Push(&p.heap, entry[T]{item, p.came})
}

func (p *byPriority[T]) pop() T { return heap.Pop(&p.heap).(entry[T]).item }

func (p *byPriority[T]) len() int { return p.heap.Len() }

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
	e.all = e.all[:last]
	return x
}
