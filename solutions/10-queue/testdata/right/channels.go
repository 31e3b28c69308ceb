// No mutex and no condition: the state is in a channel with room for one, and whoever has
// taken it out is alone with it. Every change closes a channel that those who wait look at.
// The items are sorted when they are taken out.
package queue

import (
	"context"
	"errors"
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

type state[T any] struct {
	items   []T
	changed chan struct{}
}

type queue[T any] struct {
	room  int
	next  func(items []T) int
	state chan state[T]
}

func newQueue[T any](room int, next func(items []T) int) *queue[T] {
	q := &queue[T]{room, next, make(chan state[T], 1)}
	q.state <- state[T]{changed: make(chan struct{})}
	return q
}

func NewFIFO[T any](room int) Queue[T] {
	return newQueue(room, func([]T) int { return 0 })
}

func NewLIFO[T any](room int) Queue[T] {
	return newQueue(room, func(items []T) int { return len(items) - 1 })
}

func NewPriority[T any](room int, compare func(a, b T) int) Queue[T] {
	return newQueue(room, func(items []T) int {
		least := 0
		for i := range items {
			if compare(items[i], items[least]) < 0 {
				least = i
			}
		}
		return least
	})
}

// tryPut returns the channel that is closed at the next change if there is no room.
func (q *queue[T]) tryPut(item T) (full <-chan struct{}) {
	s := <-q.state
	defer func() { q.state <- s }()
	if q.room > 0 && len(s.items) >= q.room {
		return s.changed
	}
	s.items = append(s.items, item)
	close(s.changed)
	s.changed = make(chan struct{})
	return nil
}

// tryGet returns the channel that is closed at the next change if there is no item.
func (q *queue[T]) tryGet() (item T, empty <-chan struct{}) {
	s := <-q.state
	defer func() { q.state <- s }()
	if len(s.items) == 0 {
		return item, s.changed
	}
	i := q.next(s.items)
	item = s.items[i]
	s.items = append(s.items[:i:i], s.items[i+1:]...)
	close(s.changed)
	s.changed = make(chan struct{})
	return item, nil
}

func (q *queue[T]) TryPut(item T) error {
	if q.tryPut(item) != nil {
		return ErrFull
	}
	return nil
}

func (q *queue[T]) TryGet() (T, error) {
	item, empty := q.tryGet()
	if empty != nil {
		return item, ErrEmpty
	}
	return item, nil
}

func (q *queue[T]) Len() int {
	s := <-q.state
	defer func() { q.state <- s }()
	return len(s.items)
}

func (q *queue[T]) Put(ctx context.Context, item T) error {
	for ctx.Err() == nil {
		full := q.tryPut(item)
		if full == nil {
			return nil
		}
		select {
		case <-full:
		case <-ctx.Done():
		}
	}
	return ctx.Err()
}

func (q *queue[T]) Get(ctx context.Context) (T, error) {
	for ctx.Err() == nil {
		item, empty := q.tryGet()
		if empty == nil {
			return item, nil
		}
		select {
		case <-empty:
		case <-ctx.Done():
		}
	}
	var none T
	return none, ctx.Err()
}
