// Who waits leaves behind what he wants to do, and whoever changes something tries it for
// all of them: so there is nobody to wake who might look in vain. In Crawl the caller is the
// first worker, and others are called when there is more to do than for those who are free.
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

// A Queue knows what those want to do who wait.
type Queue[T any] struct {
	mu      sync.Mutex
	tasks   []T
	taken   int // have been taken out and are not done
	shut    bool
	waiting []*wish // in the order in which they came
}

// A wish is what somebody waits for.
type wish struct {
	ctx  context.Context
	try  func() bool   // with q.mu held; returns whether it could be done
	done chan struct{} // is closed when it has been done
}

// New returns an empty queue.
func New[T any]() *Queue[T] { return &Queue[T]{} }

// change calls do, and after that tries what others wait for, until nothing can be done.
func (q *Queue[T]) change(do func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	do()
	q.waiting = slices.DeleteFunc(q.waiting, func(w *wish) bool {
		if w.ctx.Err() != nil || !w.try() {
			return false
		}
		close(w.done)
		return true
	})
}

// await returns nil when try has returned true, or ctx.Err() if ctx ends before that.
func (q *Queue[T]) await(ctx context.Context, try func() bool) error {
	q.mu.Lock()
	if try() {
		q.mu.Unlock()
		return nil
	}
	w := &wish{ctx, try, make(chan struct{})}
	q.waiting = append(q.waiting, w)
	q.mu.Unlock()

	select {
	case <-w.done:
		return nil
	case <-ctx.Done():
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if i := slices.Index(q.waiting, w); i >= 0 {
		q.waiting = slices.Delete(q.waiting, i, i+1)
		return ctx.Err()
	}
	return nil
}

// Put puts task in and returns nil, or ErrShutdown.
func (q *Queue[T]) Put(task T) (err error) {
	q.change(func() {
		if q.shut {
			err = ErrShutdown
			return
		}
		q.tasks = append(q.tasks, task)
	})
	return err
}

// Get takes the next task out and returns it, and waits while there is none.
func (q *Queue[T]) Get(ctx context.Context) (T, error) {
	var (
		task T
		err  error
	)
	if err := ctx.Err(); err != nil {
		return task, err
	}
	ended := q.await(ctx, func() bool {
		if len(q.tasks) > 0 {
			var none T
			task, q.tasks[0] = q.tasks[0], none
			q.tasks = q.tasks[1:]
			q.taken++
			return true
		}
		if q.shut {
			err = ErrShutdown
		}
		return q.shut
	})
	if ended != nil {
		return task, ended
	}
	return task, err
}

// Done says that one of the tasks that have been taken out is done.
func (q *Queue[T]) Done() (err error) {
	q.change(func() {
		if q.taken == 0 {
			err = ErrDone
			return
		}
		q.taken--
	})
	return err
}

// Unfinished returns how many tasks are unfinished.
func (q *Queue[T]) Unfinished() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.tasks) + q.taken
}

// Join waits until no task is unfinished, or ctx has ended.
func (q *Queue[T]) Join(ctx context.Context) error {
	return q.await(ctx, func() bool { return len(q.tasks)+q.taken == 0 })
}

// Shutdown shuts the queue down.
func (q *Queue[T]) Shutdown() {
	q.change(func() { q.shut = true })
}

// ShutdownNow shuts the queue down, and returns the tasks that were in it.
func (q *Queue[T]) ShutdownNow() (left []T) {
	q.change(func() {
		q.shut = true
		left, q.tasks = q.tasks, nil
	})
	return left
}

// Crawl calls visit once for each task in start and for each that is found. The caller is
// the first worker, and calls others when there is more to do than for one.
func Crawl[T comparable](ctx context.Context, workers int, start []T, visit func(task T) (found []T, err error)) error {
	var (
		helpers sync.WaitGroup

		mu      sync.Mutex // for what follows
		again   = sync.NewCond(&mu)
		seen    = make(map[T]bool)
		todo    []T
		started = 1
		idle    = 1 // workers who wait, or are about to begin
		active  int // visits
		failure error
		work    func()
	)
	add := func(tasks []T) {
		for _, task := range tasks {
			if !seen[task] {
				seen[task] = true
				todo = append(todo, task)
			}
		}
		for started < workers && idle < len(todo) {
			started++
			idle++
			helpers.Go(work)
		}
	}
	work = func() {
		mu.Lock()
		defer mu.Unlock()
		defer again.Broadcast()
		idle--
		for failure == nil && ctx.Err() == nil {
			if len(todo) == 0 {
				if active == 0 {
					return
				}
				idle++
				again.Wait()
				idle--
				continue
			}
			task := todo[0]
			todo = todo[1:]
			active++
			mu.Unlock()
			found, err := visit(task)
			mu.Lock()
			active--
			if err == nil {
				add(found)
			} else if failure == nil {
				failure = err
			}
			again.Broadcast()
		}
	}
	mu.Lock()
	add(start)
	mu.Unlock()
	work()
	helpers.Wait()
	if failure == nil && len(todo) > 0 {
		return ctx.Err()
	}
	return failure
}
