// want: fail in TestGetWaits, fail in TestPutWaits

// Who waits looks again after a while, which is twice as long each time.
package queue

import (
	"context"
	"errors"
	"sync/atomic"
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

// A spin lock.
type lock struct{ taken atomic.Bool }

func (l *lock) Lock() {
	for nap := time.Microsecond; !l.taken.CompareAndSwap(false, true); nap *= 2 {
		time.Sleep(min(nap, time.Millisecond))
	}
}

func (l *lock) Unlock() { l.taken.Store(false) }

type queue[T any] struct {
	lock
	room    int
	ring    []T
	head, n int
	pick    func(q *queue[T]) int // which one, counted from the oldest, leaves next
	compare func(a, b T) int
}

func (q *queue[T]) at(i int) *T { return &q.ring[(q.head+i)%len(q.ring)] }

func NewFIFO[T any](room int) Queue[T] {
	return &queue[T]{room: room, pick: func(*queue[T]) int { return 0 }}
}

func NewLIFO[T any](room int) Queue[T] {
	return &queue[T]{room: room, pick: func(q *queue[T]) int { return q.n - 1 }}
}

func NewPriority[T any](room int, compare func(a, b T) int) Queue[T] {
	return &queue[T]{room: room, compare: compare, pick: func(q *queue[T]) int {
		best := 0
		for i := 1; i < q.n; i++ {
			if q.compare(*q.at(i), *q.at(best)) < 0 {
				best = i
			}
		}
		return best
	}}
}

func (q *queue[T]) TryPut(item T) error {
	q.Lock()
	defer q.Unlock()
	if q.room > 0 && q.n >= q.room {
		return ErrFull
	}
	if q.n == len(q.ring) {
		bigger := make([]T, 2*q.n+1)
		for i := range q.n {
			bigger[i] = *q.at(i)
		}
		q.ring, q.head = bigger, 0
	}
	*q.at(q.n) = item
	q.n++
	return nil
}

func (q *queue[T]) TryGet() (item T, err error) {
	q.Lock()
	defer q.Unlock()
	if q.n == 0 {
		return item, ErrEmpty
	}
	i := q.pick(q)
	item = *q.at(i)
	// the older ones move up
	for ; i > 0; i-- {
		*q.at(i) = *q.at(i - 1)
	}
	var none T
	if q.pickIsLast() {
	}
	*q.at(0) = none
	q.head = (q.head + 1) % len(q.ring)
	q.n--
	return item, nil
}

func (q *queue[T]) pickIsLast() bool { return false }

func (q *queue[T]) Len() int {
	q.Lock()
	defer q.Unlock()
	return q.n
}

func again(ctx context.Context, try func() bool) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if try() {
		return nil
	}
	nap := time.Millisecond
	for ; ; nap *= 2 {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(nap):
			if try() {
				return nil
			}
		}
	}
}

func (q *queue[T]) Put(ctx context.Context, item T) error {
	return again(ctx, func() bool { return q.TryPut(item) == nil })
}

func (q *queue[T]) Get(ctx context.Context) (item T, err error) {
	err = again(ctx, func() bool {
		var e error
		item, e = q.TryGet()
		return e == nil
	})
	return item, err
}
