// Those who wait look again every ten milliseconds. Crawl starts a goroutine for each task,
// which takes one of as many permits as there may be workers.
package joinable

import (
	"container/list"
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

var (
	ErrShutdown = errors.New("queue is shut down")
	ErrDone     = errors.New("more tasks done than taken out")
)

type Queue[T any] struct {
	mu    sync.RWMutex
	tasks list.List
	taken int
	shut  bool
}

func New[T any]() *Queue[T] { return &Queue[T]{} }

func (q *Queue[T]) Put(task T) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.shut {
		return ErrShutdown
	}
	q.tasks.PushBack(task)
	return nil
}

// nap is not interrupted by the end of a context: it is short enough.
func nap() { time.Sleep(10 * time.Millisecond) }

func (q *Queue[T]) tryGet() (task T, ok bool, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.tasks.Len() > 0 {
		q.taken++
		task, _ = q.tasks.Remove(q.tasks.Front()).(T) // nil is a task, too
		return task, true, nil
	}
	if q.shut {
		return task, true, ErrShutdown
	}
	return task, false, nil
}

func (q *Queue[T]) Get(ctx context.Context) (T, error) {
	for ; ctx.Err() == nil; nap() {
		if task, ok, err := q.tryGet(); ok {
			return task, err
		}
	}
	var none T
	return none, ctx.Err()
}

func (q *Queue[T]) Done() error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.taken == 0 {
		return ErrDone
	}
	q.taken--
	return nil
}

func (q *Queue[T]) Unfinished() int {
	q.mu.RLock()
	defer q.mu.RUnlock()
	return q.tasks.Len() + q.taken
}

func (q *Queue[T]) Join(ctx context.Context) error {
	for {
		if q.Unfinished() == 0 {
			return nil
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		nap()
	}
}

func (q *Queue[T]) Shutdown() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.shut = true
}

func (q *Queue[T]) ShutdownNow() []T {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.shut = true
	var left []T
	for q.tasks.Len() > 0 {
		task, _ := q.tasks.Remove(q.tasks.Front()).(T)
		left = append(left, task)
	}
	return left
}

func Crawl[T comparable](ctx context.Context, workers int, start []T, visit func(task T) (found []T, err error)) error {
	permits := make(chan struct{}, workers)
	var seen sync.Map
	var failed atomic.Pointer[error]
	var visits sync.WaitGroup
	var add func(tasks []T)
	one := func(task T) {
		permits <- struct{}{}
		defer func() { <-permits }()
		if err := ctx.Err(); err != nil {
			failed.CompareAndSwap(nil, &err)
		}
		if failed.Load() != nil {
			return
		}
		found, err := visit(task)
		if err != nil {
			failed.Store(&err)
			return
		}
		add(found)
	}
	add = func(tasks []T) {
		for _, task := range tasks {
			if _, again := seen.LoadOrStore(task, true); !again {
				visits.Go(func() { one(task) })
			}
		}
	}
	add(start)
	visits.Wait()
	if err := failed.Load(); err != nil {
		return *err
	}
	return nil
}
