// want: fail in TestShutdownTogether

// A Get whose context ends as it is handed a task gives the task to the next one or puts it back, but not after a shutdown: then it is lost.
package joinable

import (
	"context"
	"errors"
	"slices"
	"sync"
)

var (
	ErrShutdown = errors.New("queue is shut down")
	ErrDone     = errors.New("more tasks done than taken out")
)

type waiter[T any] struct {
	task   T
	err    error
	served chan struct{}
}

type Queue[T any] struct {
	mu         sync.Mutex
	tasks      []T
	waiters    []*waiter[T] // none if there are tasks
	taken      int
	unfinished int
	shut       bool
	idle       chan struct{} // closed while nothing is unfinished
}

func New[T any]() *Queue[T] {
	q := &Queue[T]{idle: make(chan struct{})}
	close(q.idle)
	return q
}

// add adds n to what is unfinished. The caller holds mu.
func (q *Queue[T]) add(n int) {
	if q.unfinished == 0 && n > 0 {
		q.idle = make(chan struct{})
	}
	q.unfinished += n
	if q.unfinished == 0 && n < 0 {
		close(q.idle)
	}
}

func (q *Queue[T]) Put(task T) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.shut {
		return ErrShutdown
	}
	q.add(1)
	if len(q.waiters) > 0 {
		w := q.waiters[0]
		q.waiters = q.waiters[1:]
		w.task = task
		q.taken++
		close(w.served)
		return nil
	}
	q.tasks = append(q.tasks, task)
	return nil
}

func (q *Queue[T]) Get(ctx context.Context) (none T, err error) {
	if err := ctx.Err(); err != nil {
		return none, err
	}
	q.mu.Lock()
	if len(q.tasks) > 0 {
		defer q.mu.Unlock()
		task := q.tasks[0]
		q.tasks = q.tasks[1:]
		q.taken++
		return task, nil
	}
	if q.shut {
		defer q.mu.Unlock()
		return none, ErrShutdown
	}
	w := &waiter[T]{served: make(chan struct{})}
	q.waiters = append(q.waiters, w)
	q.mu.Unlock()
	select {
	case <-w.served:
		return w.task, w.err
	case <-ctx.Done():
		q.mu.Lock()
		defer q.mu.Unlock()
		if i := slices.Index(q.waiters, w); i >= 0 {
			q.waiters = slices.Delete(q.waiters, i, i+1)
			return none, ctx.Err()
		}
		if w.err != nil {
			return none, w.err
		}
		q.taken--
		if q.shut {
			q.add(-1)
			return none, ctx.Err()
		}
		if len(q.waiters) > 0 {
			next := q.waiters[0]
			q.waiters = q.waiters[1:]
			q.taken++
			next.task = w.task
			close(next.served)
		} else {
			q.tasks = append([]T{w.task}, q.tasks...)
		}
		return none, ctx.Err()
	}
}

func (q *Queue[T]) Done() error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.taken == 0 {
		return ErrDone
	}
	q.taken--
	q.add(-1)
	return nil
}

func (q *Queue[T]) Unfinished() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.unfinished
}

func (q *Queue[T]) Join(ctx context.Context) error {
	q.mu.Lock()
	idle := q.idle
	q.mu.Unlock()
	select {
	case <-idle:
		return nil
	default:
	}
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (q *Queue[T]) Shutdown() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.shutdown()
}

func (q *Queue[T]) shutdown() {
	q.shut = true
	for _, w := range q.waiters {
		w.err = ErrShutdown
		close(w.served)
	}
	q.waiters = nil
}

func (q *Queue[T]) ShutdownNow() []T {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.shutdown()
	left := q.tasks
	q.tasks = nil
	q.add(-len(left))
	return left
}

func Crawl[T comparable](ctx context.Context, workers int, start []T, visit func(task T) (found []T, err error)) error {
	var (
		mu      sync.Mutex
		changed = sync.NewCond(&mu)
		seen    = map[T]bool{}
		line    []T
		busy    int
		failed  error
	)
	add := func(tasks []T) {
		for _, task := range tasks {
			if !seen[task] {
				seen[task] = true
				line = append(line, task)
			}
		}
		changed.Broadcast()
	}
	fail := func(err error) {
		mu.Lock()
		defer mu.Unlock()
		if failed == nil {
			failed = err
		}
		changed.Broadcast()
	}
	defer context.AfterFunc(ctx, func() { fail(ctx.Err()) })()
	work := func() {
		mu.Lock()
		defer mu.Unlock()
		for {
			for len(line) == 0 && busy > 0 && failed == nil {
				changed.Wait()
			}
			if failed == nil {
				failed = ctx.Err()
			}
			if len(line) == 0 || failed != nil {
				changed.Broadcast()
				return
			}
			task := line[len(line)-1]
			line = line[:len(line)-1]
			busy++
			mu.Unlock()
			found, err := visit(task)
			if err != nil {
				fail(err)
			}
			mu.Lock()
			busy--
			add(found)
		}
	}
	add(start)
	var working sync.WaitGroup
	for range workers {
		working.Go(work)
	}
	working.Wait()
	mu.Lock()
	defer mu.Unlock()
	return failed
}
