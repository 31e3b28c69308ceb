// Every item is boxed with its turn, and the boxes are sorted: in each order another one is
// the first. Putting an item in moves all that are behind it. The items lie in one of three
// channels, empty, some or full, and whoever receives them is alone with them.
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

// boxed is an item and its turn.
type boxed[T any] struct {
	item T
	turn int
}

type queue[T any] struct {
	room              int
	turn              int // of the last item, for whoever has received the items
	compare           func(a, b boxed[T]) int
	empty, some, full chan []boxed[T]
}

func newQueue[T any](room int, compare func(a, b boxed[T]) int) *queue[T] {
	q := &queue[T]{room, 0, compare, make(chan []boxed[T], 1), make(chan []boxed[T], 1), make(chan []boxed[T], 1)}
	q.empty <- nil
	return q
}

func NewFIFO[T any](room int) Queue[T] {
	return newQueue(room, func(a, b boxed[T]) int { return a.turn - b.turn })
}

func NewLIFO[T any](room int) Queue[T] {
	return newQueue(room, func(a, b boxed[T]) int { return b.turn - a.turn })
}

func NewPriority[T any](room int, compare func(a, b T) int) Queue[T] {
	return newQueue(room, func(a, b boxed[T]) int {
		if c := compare(a.item, b.item); c != 0 {
			return c
		}
		return a.turn - b.turn
	})
}

// take receives the items, wherever they are.
func (q *queue[T]) take() []boxed[T] {
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
func (q *queue[T]) back(items []boxed[T]) {
	switch {
	case len(items) == 0:
		q.empty <- items
	case q.isFull(items):
		q.full <- items
	default:
		q.some <- items
	}
}

func (q *queue[T]) isFull(items []boxed[T]) bool { return q.room > 0 && len(items) >= q.room }

// with sends the items back, and item with them.
func (q *queue[T]) with(items []boxed[T], item T) {
	q.turn++
	b := boxed[T]{item, q.turn}
	i, _ := slices.BinarySearchFunc(items, b, q.compare)
	q.back(slices.Insert(items, i, b))
}

// first sends the items back, without the first one.
func (q *queue[T]) first(items []boxed[T]) T {
	item := items[0].item
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
	var items []boxed[T]
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
	var items []boxed[T]
	select {
	case items = <-q.some:
	case items = <-q.full:
	case <-ctx.Done():
		return none, ctx.Err()
	}
	return q.first(items), nil
}
