// Those who wait look again each millisecond, and what they rest with is a context.
package queue

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
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

// poll calls try until it does not return retry any more, or ctx has ended.
func poll(ctx context.Context, retry error, try func() error) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := try(); err != retry {
			return err
		}
		soon, cancel := context.WithTimeout(ctx, time.Millisecond)
		<-soon.Done()
		cancel()
	}
}

type fifo[T any] struct {
	room  int
	mu    sync.RWMutex
	items []T
}

func NewFIFO[T any](room int) Queue[T] { return &fifo[T]{room: room} }

func (q *fifo[T]) Len() int {
	q.mu.RLock()
	defer q.mu.RUnlock()
	return len(q.items)
}

func (q *fifo[T]) TryPut(item T) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.room > 0 && len(q.items) >= q.room {
		return ErrFull
	}
	q.items = append(q.items, item)
	return nil
}

func (q *fifo[T]) take(next func() int) (item T, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.items) == 0 {
		return item, ErrEmpty
	}
	i := next()
	item = q.items[i]
	q.items = slices.Delete(q.items, i, i+1)
	return item, nil
}

func (q *fifo[T]) TryGet() (T, error) {
	return q.take(func() int { return 0 })
}

func (q *fifo[T]) Put(ctx context.Context, item T) error {
	return poll(ctx, ErrFull, func() error { return q.TryPut(item) })
}

func get[T any](ctx context.Context, q Queue[T]) (item T, err error) {
	err = poll(ctx, ErrEmpty, func() (err error) {
		item, err = q.TryGet()
		return err
	})
	return item, err
}

func (q *fifo[T]) Get(ctx context.Context) (T, error) { return get(ctx, q) }

type lifo[T any] struct{ fifo[T] }

func NewLIFO[T any](room int) Queue[T] { return &lifo[T]{fifo[T]{room: room}} }

func (q *lifo[T]) TryGet() (T, error) {
	return q.take(func() int { return len(q.items) - 1 })
}

func (q *lifo[T]) Get(ctx context.Context) (T, error) { return get(ctx, q) }

type priority[T any] struct {
	fifo[T]
	compare func(a, b T) int
}

func NewPriority[T any](room int, compare func(a, b T) int) Queue[T] {
	return &priority[T]{fifo[T]{room: room}, compare}
}

func (q *priority[T]) TryGet() (T, error) {
	return q.take(func() int {
		slices.SortStableFunc(q.items, q.compare)
		return 0
	})
}

func (q *priority[T]) Get(ctx context.Context) (T, error) { return get(ctx, q) }
