// want: deadlock in TestGivesUp

// Whoever gives up looks for his item in the line of those who wait, and takes another one with an equal item out.
package queue

import (
	"context"
	"errors"
	"slices"
	"sync"
)

var (
	ErrFull  = errors.New("queue is full")
	ErrEmpty = errors.New("queue is empty")
)

type Queue[T any] interface {
	TryPut(item T) error
	TryGet() (T, error)
	Len() int
	Put(ctx context.Context, item T) error
	Get(ctx context.Context) (T, error)
}

// A waiter waits to get an item, or to put its item in.
type waiter[T any] struct {
	item   T
	served chan struct{} // closed when that has been done for it
}

type queue[T any] struct {
	room  int
	place func(items []T, item T) int

	mu      sync.Mutex
	items   []T          // guarded by mu
	getters []*waiter[T] // guarded by mu; none if there is an item
	putters []*waiter[T] // guarded by mu; none if there is room
}

func NewFIFO[T any](room int) Queue[T] {
	return &queue[T]{room: room, place: func(items []T, _ T) int { return len(items) }}
}

func NewLIFO[T any](room int) Queue[T] {
	return &queue[T]{room: room, place: func([]T, T) int { return 0 }}
}

func NewPriority[T any](room int, compare func(a, b T) int) Queue[T] {
	return &queue[T]{room: room, place: func(items []T, item T) int {
		i, _ := slices.BinarySearchFunc(items, item, func(other, item T) int {
			if compare(other, item) <= 0 {
				return -1
			}
			return 1
		})
		return i
	}}
}

// The caller of these two holds mu.

func (q *queue[T]) tryPut(item T) bool {
	if len(q.getters) > 0 {
		q.getters[0].item = item
		close(q.getters[0].served)
		q.getters = slices.Delete(q.getters, 0, 1)
		return true
	}
	if q.room > 0 && len(q.items) == q.room {
		return false
	}
	q.items = slices.Insert(q.items, q.place(q.items, item), item)
	return true
}

func (q *queue[T]) tryGet() (item T, ok bool) {
	if len(q.items) == 0 {
		return item, false
	}
	item = q.items[0]
	q.items = slices.Delete(q.items, 0, 1)
	if len(q.putters) > 0 {
		next := q.putters[0]
		q.putters = slices.Delete(q.putters, 0, 1)
		q.tryPut(next.item)
		close(next.served)
	}
	return item, true
}

func (q *queue[T]) TryPut(item T) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.tryPut(item) {
		return ErrFull
	}
	return nil
}

func (q *queue[T]) TryGet() (T, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	item, ok := q.tryGet()
	if !ok {
		return item, ErrEmpty
	}
	return item, nil
}

func (q *queue[T]) Len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.items)
}

func (q *queue[T]) Put(ctx context.Context, item T) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	q.mu.Lock()
	if q.tryPut(item) {
		q.mu.Unlock()
		return nil
	}
	w := &waiter[T]{item: item, served: make(chan struct{})}
	q.putters = append(q.putters, w)
	q.mu.Unlock()
	return q.wait(ctx, w, &q.putters)
}

func (q *queue[T]) Get(ctx context.Context) (T, error) {
	var none T
	if err := ctx.Err(); err != nil {
		return none, err
	}
	q.mu.Lock()
	if item, ok := q.tryGet(); ok {
		q.mu.Unlock()
		return item, nil
	}
	w := &waiter[T]{served: make(chan struct{})}
	q.getters = append(q.getters, w)
	q.mu.Unlock()
	if err := q.wait(ctx, w, &q.getters); err != nil {
		return none, err
	}
	return w.item, nil
}

// wait waits until w has been served, or has left the line because ctx has ended.
func (q *queue[T]) wait(ctx context.Context, w *waiter[T], line *[]*waiter[T]) error {
	select {
	case <-w.served:
		return nil
	case <-ctx.Done():
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if !slices.Contains(*line, w) {
		return nil // it was served at the last moment
	}
	i := slices.IndexFunc(*line, func(other *waiter[T]) bool { return any(other.item) == any(w.item) })
	*line = slices.Delete(*line, i, i+1)
	return ctx.Err()
}
