// want: panic in TestGetGivesUp

// Tasks are kept as any, and nil is not an error, or of any other interface type, when it comes out.
package joinable

import (
	"container/list"
	"context"
	"errors"
	"sync"
)

var (
	ErrShutdown = errors.New("queue is shut down")
	ErrDone     = errors.New("more tasks done than taken out")
)

type Queue[T any] struct {
	lock   *sync.Cond
	tasks  *list.List
	out    int
	closed bool
}

func New[T any]() *Queue[T] {
	return &Queue[T]{lock: sync.NewCond(new(sync.RWMutex)), tasks: list.New()}
}

func (q *Queue[T]) do(f func()) {
	q.lock.L.Lock()
	defer q.lock.L.Unlock()
	defer q.lock.Broadcast()
	f()
}

func (q *Queue[T]) await(ctx context.Context, ready func() bool) error {
	stop := context.AfterFunc(ctx, func() { q.do(func() {}) })
	defer stop()
	for !ready() {
		if err := ctx.Err(); err != nil {
			return err
		}
		q.lock.Wait()
	}
	return nil
}

func (q *Queue[T]) Put(task T) (err error) {
	q.do(func() {
		if q.closed {
			err = ErrShutdown
			return
		}
		q.tasks.PushBack(task)
	})
	return err
}

func (q *Queue[T]) Get(ctx context.Context) (task T, err error) {
	if err := ctx.Err(); err != nil {
		return task, err
	}
	q.lock.L.Lock()
	defer q.lock.L.Unlock()
	if err := q.await(ctx, func() bool { return q.closed || q.tasks.Len() > 0 }); err != nil {
		return task, err
	}
	if q.tasks.Len() == 0 {
		return task, ErrShutdown
	}
	q.out++
	task = q.tasks.Remove(q.tasks.Front()).(T)
	return task, nil
}

func (q *Queue[T]) Done() (err error) {
	q.do(func() {
		if q.out == 0 {
			err = ErrDone
			return
		}
		q.out--
	})
	return err
}

func (q *Queue[T]) unfinished() int { return q.tasks.Len() + q.out }

func (q *Queue[T]) Unfinished() int {
	q.lock.L.Lock()
	defer q.lock.L.Unlock()
	return q.unfinished()
}

func (q *Queue[T]) Join(ctx context.Context) error {
	q.lock.L.Lock()
	defer q.lock.L.Unlock()
	return q.await(ctx, func() bool { return q.unfinished() == 0 })
}

func (q *Queue[T]) Shutdown() { q.do(func() { q.closed = true }) }

func (q *Queue[T]) ShutdownNow() (left []T) {
	q.do(func() {
		q.closed = true
		for q.tasks.Len() > 0 {
			task := q.tasks.Remove(q.tasks.Front()).(T)
			left = append(left, task)
		}
	})
	return left
}

// Crawl has its workers, who share a monitor; the last one to find nothing ends it.
func Crawl[T comparable](ctx context.Context, workers int, start []T, visit func(task T) (found []T, err error)) error {
	var (
		mu      sync.Mutex
		changed = sync.NewCond(&mu)
		known   = map[T]bool{}
		todo    []T
		busy    int
		failure error
	)
	learn := func(tasks []T) {
		for _, t := range tasks {
			if !known[t] {
				known[t] = true
				todo = append(todo, t)
			}
		}
	}
	learn(start)
	stop := context.AfterFunc(ctx, func() {
		mu.Lock()
		defer mu.Unlock()
		changed.Broadcast()
	})
	defer stop()
	work := func() {
		mu.Lock()
		defer mu.Unlock()
		for {
			for len(todo) == 0 && busy > 0 && failure == nil {
				changed.Wait()
			}
			if len(todo) == 0 || failure != nil {
				return
			}
			if err := ctx.Err(); err != nil {
				failure = err
				changed.Broadcast()
				return
			}
			last := len(todo) - 1
			task := todo[last] // any order will do
			todo = todo[:last]
			busy++
			mu.Unlock()
			found, err := visit(task)
			mu.Lock()
			busy--
			if err != nil {
				if failure == nil {
					failure = err
				}
			} else {
				learn(found)
			}
			changed.Broadcast()
		}
	}
	var wg sync.WaitGroup
	for range workers {
		wg.Go(work)
	}
	wg.Wait()
	return failure
}
