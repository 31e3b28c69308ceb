// want: fail in TestFIFOTogether, fail in TestLIFOTogether, fail in TestPriorityTogether

// Items and free places are counted by two semaphores beside the items: between two counts
// a call is neither made nor not made.
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
	mu    sync.Mutex
	items order[T]      // guarded by mu
	taken chan struct{} // one for each place that is taken
	ready chan struct{} // one for each item
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
	if room <= 0 {
		room = 1 << 20 // that will do
	}
	return &queue[T]{items: items, taken: make(chan struct{}, room), ready: make(chan struct{}, room)}
}

func (q *queue[T]) TryPut(item T) error {
	select {
	case q.taken <- struct{}{}:
		q.put(item)
		return nil
	default:
		return ErrFull
	}
}

func (q *queue[T]) TryGet() (T, error) {
	select {
	case <-q.ready:
		return q.get(), nil
	default:
		var none T
		return none, ErrEmpty
	}
}

func (q *queue[T]) Len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.items.len()
}

func (q *queue[T]) Put(ctx context.Context, item T) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case q.taken <- struct{}{}:
		q.put(item)
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (q *queue[T]) Get(ctx context.Context) (T, error) {
	var none T
	if err := ctx.Err(); err != nil {
		return none, err
	}
	select {
	case <-q.ready:
		return q.get(), nil
	case <-ctx.Done():
		return none, ctx.Err()
	}
}

func (q *queue[T]) put(item T) {
	q.mu.Lock()
	q.items.push(item)
	q.mu.Unlock()
	q.ready <- struct{}{}
}

func (q *queue[T]) get() T {
	q.mu.Lock()
	item := q.items.pop()
	q.mu.Unlock()
	<-q.taken
	return item
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
