// The items lie in one of three channels with room for one: empty, some or full. Whoever
// receives them is alone with them, and sends them to where they belong then. Put does not
// look into full and Get not into empty, and so nobody who waits has to be told anything.
package queue

import (
	"context"
	"errors"
	"slices"
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

type queue[T any] struct {
	room              int
	place             func(items []T, item T) int // where item goes in; the first one leaves
	empty, some, full chan []T
}

func newQueue[T any](room int, place func(items []T, item T) int) *queue[T] {
	q := &queue[T]{room, place, make(chan []T, 1), make(chan []T, 1), make(chan []T, 1)}
	q.empty <- nil
	return q
}

func NewFIFO[T any](room int) Queue[T] {
	return newQueue(room, func(items []T, _ T) int { return len(items) })
}

func NewLIFO[T any](room int) Queue[T] {
	return newQueue(room, func([]T, T) int { return 0 })
}

func NewPriority[T any](room int, compare func(a, b T) int) Queue[T] {
	return newQueue(room, func(items []T, item T) int {
		i := len(items)
		for i > 0 && compare(item, items[i-1]) < 0 {
			i--
		}
		return i
	})
}

// take receives the items, wherever they are.
func (q *queue[T]) take() []T {
	select {
	case items := <-q.empty:
		return items
	case items := <-q.some:
		return items
	case items := <-q.full:
		return items
	}
}

// back sends the items to where they belong.
func (q *queue[T]) back(items []T) {
	switch {
	case len(items) == 0:
		q.empty <- items
	case q.isFull(items):
		q.full <- items
	default:
		q.some <- items
	}
}

func (q *queue[T]) isFull(items []T) bool { return q.room > 0 && len(items) >= q.room }

// with sends the items back, and item with them.
func (q *queue[T]) with(items []T, item T) {
	q.back(slices.Insert(items, q.place(items, item), item))
}

// first sends the items back, without the first one.
func (q *queue[T]) first(items []T) T {
	item := items[0]
	q.back(slices.Delete(items, 0, 1))
	return item
}

func (q *queue[T]) TryPut(item T) error {
	items := q.take()
	if q.isFull(items) {
		q.back(items)
		return ErrFull
	}
	q.with(items, item)
	return nil
}

func (q *queue[T]) TryGet() (T, error) {
	items := q.take()
	if len(items) == 0 {
		q.back(items)
		var none T
		return none, ErrEmpty
	}
	return q.first(items), nil
}

func (q *queue[T]) Len() int {
	items := q.take()
	defer q.back(items)
	return len(items)
}

func (q *queue[T]) Put(ctx context.Context, item T) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	var items []T
	select {
	case items = <-q.empty:
	case items = <-q.some:
	case <-ctx.Done():
		return ctx.Err()
	}
	q.with(items, item)
	return nil
}

func (q *queue[T]) Get(ctx context.Context) (T, error) {
	var none T
	if err := ctx.Err(); err != nil {
		return none, err
	}
	var items []T
	select {
	case items = <-q.some:
	case items = <-q.full:
	case <-ctx.Done():
		return none, ctx.Err()
	}
	return q.first(items), nil
}
