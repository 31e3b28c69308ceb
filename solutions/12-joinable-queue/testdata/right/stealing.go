// Who waits has a goroutine wait for him, and leaves it when his context ends. In Crawl each
// worker has a row of his own for what he has found, and takes from those of others when it
// is empty.
package joinable

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
)

var (
	ErrShutdown = errors.New("queue is shut down")
	ErrDone     = errors.New("more tasks done than taken out")
)

type Queue[T any] struct {
	mu         sync.Mutex
	more, none sync.Cond
	ring       []T
	first, n   int
	taken      int
	closed     bool
}

func New[T any]() *Queue[T] {
	q := &Queue[T]{ring: make([]T, 1)}
	q.more.L, q.none.L = &q.mu, &q.mu
	return q
}

func (q *Queue[T]) Put(task T) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return ErrShutdown
	}
	if q.n == len(q.ring) {
		q.ring = append(append(make([]T, 0, 2*q.n), q.ring[q.first:]...), q.ring[:q.first]...)
		q.ring = q.ring[:cap(q.ring)]
		q.first = 0
	}
	q.ring[(q.first+q.n)%len(q.ring)] = task
	q.n++
	q.more.Signal()
	return nil
}

func (q *Queue[T]) pop() (task T) {
	task, q.ring[q.first] = q.ring[q.first], task
	q.first = (q.first + 1) % len(q.ring)
	q.n--
	return task
}

// patiently calls act when ready, and returns nil, or ctx.Err() if it was not called.
func patiently(ctx context.Context, cond *sync.Cond, ready func() bool, act func()) error {
	cond.L.Lock()
	if ready() {
		defer cond.L.Unlock()
		act()
		return nil
	}
	cond.L.Unlock()
	over := make(chan bool, 1)
	leaves := false
	go func() {
		cond.L.Lock()
		defer cond.L.Unlock()
		for !ready() && !leaves {
			cond.Wait()
		}
		if ready() {
			act()
			over <- true
		} else {
			over <- false
		}
	}()
	select {
	case <-over:
		return nil
	case <-ctx.Done():
	}
	cond.L.Lock()
	leaves = true
	cond.Broadcast()
	cond.L.Unlock()
	if <-over {
		return nil
	}
	return ctx.Err()
}

func (q *Queue[T]) Get(ctx context.Context) (none T, err error) {
	if err := ctx.Err(); err != nil {
		return none, err
	}
	var task T
	var refused error
	err = patiently(ctx, &q.more, func() bool { return q.n > 0 || q.closed }, func() {
		if q.n == 0 {
			refused = ErrShutdown
			return
		}
		task = q.pop()
		q.taken++
	})
	if err == nil {
		err = refused
	}
	return task, err
}

func (q *Queue[T]) Done() error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.taken <= 0 {
		return ErrDone
	}
	q.taken--
	q.tell()
	return nil
}

func (q *Queue[T]) tell() {
	if q.idle() {
		q.none.Broadcast()
	}
}

func (q *Queue[T]) idle() bool { return q.taken+q.n == 0 }

func (q *Queue[T]) Unfinished() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.taken + q.n
}

func (q *Queue[T]) Join(ctx context.Context) error {
	return patiently(ctx, &q.none, q.idle, func() {})
}

func (q *Queue[T]) Shutdown() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.more.Broadcast()
}

func (q *Queue[T]) ShutdownNow() []T {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.more.Broadcast()
	left := make([]T, 0, q.n)
	for q.n > 0 {
		left = append(left, q.pop())
	}
	q.tell()
	return left
}

// A deque is what one worker has found; the others may steal from it.
type deque[T any] struct {
	mu    sync.Mutex
	tasks []T
}

func (d *deque[T]) push(task T) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.tasks = append(d.tasks, task)
}

func (d *deque[T]) pop(last bool) (task T, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.tasks) == 0 {
		return task, false
	}
	if last {
		task = d.tasks[len(d.tasks)-1]
		d.tasks = d.tasks[:len(d.tasks)-1]
	} else {
		task = d.tasks[0]
		d.tasks = d.tasks[1:]
	}
	return task, true
}

func Crawl[T comparable](ctx context.Context, workers int, start []T, visit func(task T) (found []T, err error)) error {
	var (
		seen    sync.Map
		deques  = make([]deque[T], workers)
		left    atomic.Int64                   // tasks that are known and not visited
		tokens  = make(chan struct{}, workers) // a call for somebody who sleeps
		over    = make(chan struct{})
		once    sync.Once
		problem error
	)
	finish := func(err error) { once.Do(func() { problem = err; close(over) }) }
	add := func(d *deque[T], tasks []T) {
		for _, task := range tasks {
			if _, old := seen.LoadOrStore(task, nil); !old {
				left.Add(1)
				d.push(task)
				select {
				case tokens <- struct{}{}:
				default: // as many calls as there are workers
				}
			}
		}
	}
	find := func(me int) (task T, ok bool) {
		if task, ok = deques[me].pop(true); ok {
			return
		}
		for i := 1; i < workers; i++ {
			if task, ok = deques[(me+i)%workers].pop(false); ok {
				return
			}
		}
		return
	}
	add(&deques[0], start)
	if left.Load() == 0 {
		return nil
	}
	var wg sync.WaitGroup
	for me := range workers {
		wg.Go(func() {
			for {
				select {
				case <-over:
					return
				default:
				}
				if err := ctx.Err(); err != nil {
					finish(err)
					return
				}
				task, ok := find(me)
				if !ok {
					select {
					case <-over:
						return
					case <-tokens:
					case <-ctx.Done():
					}
					continue
				}
				found, err := visit(task)
				if err != nil {
					finish(err)
					return
				}
				add(&deques[me], found)
				if left.Add(-1) == 0 {
					finish(nil)
					return
				}
			}
		})
	}
	wg.Wait()
	return problem
}
