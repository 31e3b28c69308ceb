// want: panic in TestNoLimit, panic in TestGetWaits

// Items are kept as any, and nil is not an error, or of any other interface type, when it comes out.
package queue

import (
	"container/heap"
	"container/list"
	"context"
	"errors"
	"sync"
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

// A store is what the kinds differ in.
type store[T any] interface {
	push(item T)
	pop() T
	len() int
}

type fifo[T any] struct{ l list.List }

func (f *fifo[T]) push(item T) { f.l.PushBack(item) }
func (f *fifo[T]) pop() T {
	v := f.l.Remove(f.l.Front())
	return v.(T)
}
func (f *fifo[T]) len() int { return f.l.Len() }

type lifo[T any] struct{ fifo[T] }

func (f *lifo[T]) push(item T) { f.l.PushFront(item) }

type ranked[T any] struct {
	item T
	num  int
}

type prio[T any] struct {
	items   []ranked[T]
	compare func(a, b T) int
	num     int
}

func (p *prio[T]) Len() int { return len(p.items) }
func (p *prio[T]) Less(i, j int) bool {
	c := p.compare(p.items[i].item, p.items[j].item)
	return c < 0 || c == 0 && p.items[i].num < p.items[j].num
}
func (p *prio[T]) Swap(i, j int) { p.items[i], p.items[j] = p.items[j], p.items[i] }
func (p *prio[T]) Push(x any)    { p.items = append(p.items, x.(ranked[T])) }
func (p *prio[T]) Pop() any {
	x := p.items[len(p.items)-1]
	p.items = p.items[:len(p.items)-1]
	return x
}
func (p *prio[T]) push(item T) { p.num++; heap.Push(p, ranked[T]{item, p.num}) }
func (p *prio[T]) pop() T      { return heap.Pop(p).(ranked[T]).item }
func (p *prio[T]) len() int    { return p.Len() }

// A call is a Put or a Get that waits. Whoever answers it, closes answered; both are
// decided under the lock of the queue.
type call[T any] struct {
	item     T
	answered chan struct{}
}

type queue[T any] struct {
	mu      sync.Mutex
	store   store[T]
	room    int
	putters list.List // of *call[T]
	getters list.List // of *call[T]
}

func NewFIFO[T any](room int) Queue[T] { return &queue[T]{room: room, store: &fifo[T]{}} }
func NewLIFO[T any](room int) Queue[T] { return &queue[T]{room: room, store: &lifo[T]{}} }
func NewPriority[T any](room int, compare func(a, b T) int) Queue[T] {
	return &queue[T]{room: room, store: &prio[T]{compare: compare}}
}

func (q *queue[T]) full() bool { return q.room > 0 && q.store.len() >= q.room }

// settle answers all calls that can be answered. With mu.
func (q *queue[T]) settle() {
	for {
		switch {
		case q.putters.Len() > 0 && !q.full():
			c := q.putters.Remove(q.putters.Front()).(*call[T])
			q.store.push(c.item)
			close(c.answered)
		case q.getters.Len() > 0 && q.store.len() > 0:
			c := q.getters.Remove(q.getters.Front()).(*call[T])
			c.item = q.store.pop()
			close(c.answered)
		default:
			return
		}
	}
}

func (q *queue[T]) wait(ctx context.Context, calls *list.List, c *call[T]) error {
	q.mu.Lock()
	at := calls.PushBack(c)
	q.settle()
	q.mu.Unlock()
	select {
	case <-c.answered:
		return nil
	case <-ctx.Done():
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	select {
	case <-c.answered:
		return nil
	default:
		calls.Remove(at)
		return ctx.Err()
	}
}

func (q *queue[T]) TryPut(item T) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.full() {
		return ErrFull
	}
	q.store.push(item)
	q.settle()
	return nil
}

func (q *queue[T]) TryGet() (item T, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.store.len() == 0 {
		return item, ErrEmpty
	}
	item = q.store.pop()
	q.settle()
	return item, nil
}

func (q *queue[T]) Len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.store.len()
}

func (q *queue[T]) Put(ctx context.Context, item T) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return q.wait(ctx, &q.putters, &call[T]{item, make(chan struct{})})
}

func (q *queue[T]) Get(ctx context.Context) (item T, err error) {
	if err := ctx.Err(); err != nil {
		return item, err
	}
	c := &call[T]{answered: make(chan struct{})}
	if err := q.wait(ctx, &q.getters, c); err != nil {
		return item, err
	}
	return c.item, nil
}
