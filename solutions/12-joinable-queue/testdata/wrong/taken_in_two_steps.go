// want: fail in TestTogether, deadlock in TestCrawl, deadlock in TestJoinMissesNothing, deadlock in TestJoinPublishes

// How many have been taken out is counted by Get when it has let go of the lock: it reads, and then
// writes.
package joinable

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
)

var (
	// ErrShutdown says that the queue has been shut down.
	ErrShutdown = errors.New("queue is shut down")
	// ErrDone says that more tasks are done than have been taken out.
	ErrDone = errors.New("more tasks done than taken out")
)

// A Queue hands out tasks in the order in which they were put in, and counts those that
// are unfinished.
//
// The count is not kept but added up: what is in the queue, and what has been taken out and
// is not done. So nothing has to be counted twice when a task goes from the one to the
// other, and Done knows what it may accept.
type Queue[T any] struct {
	mu       sync.Mutex
	tasks    []T   // guarded by mu
	pending  int   // guarded by mu: unfinished
	done     int64 // guarded by mu
	taken    atomic.Int64
	shut     bool       // guarded by mu
	came     *sync.Cond // on mu: a task, or the shutdown
	finished *sync.Cond // on mu: the last task
}

// New returns an empty queue.
func New[T any]() *Queue[T] {
	q := &Queue[T]{}
	q.came, q.finished = sync.NewCond(&q.mu), sync.NewCond(&q.mu)
	return q
}

// Put puts task in, or returns ErrShutdown.
func (q *Queue[T]) Put(task T) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.shut {
		return ErrShutdown
	}
	q.tasks = append(q.tasks, task)
	q.pending++
	q.came.Signal()
	return nil
}

// Get takes the next task out.
func (q *Queue[T]) Get(ctx context.Context) (T, error) {
	task, err := q.pop(ctx)
	if err == nil {
		q.taken.Store(q.taken.Load() + 1)
	}
	return task, err
}

// pop takes the next task out.
func (q *Queue[T]) pop(ctx context.Context) (T, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	var none T
	if err := ctx.Err(); err != nil {
		return none, err
	}
	if err := wait(ctx, q.came, func() bool { return len(q.tasks) > 0 || q.shut }); err != nil {
		return none, err
	}
	if len(q.tasks) == 0 {
		return none, ErrShutdown
	}
	task := q.tasks[0]
	q.tasks[0] = none // the array stays for a while, and must not keep the task alive
	q.tasks = q.tasks[1:]
	return task, nil
}

// Done says that one of the tasks that have been taken out is done.
func (q *Queue[T]) Done() error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.done == q.taken.Load() {
		return ErrDone
	}
	q.done++
	q.pending--
	q.tellIfFinished()
	return nil
}

// Unfinished returns how many tasks are unfinished.
func (q *Queue[T]) Unfinished() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.unfinished()
}

// unfinished is Unfinished for those who hold mu.
func (q *Queue[T]) unfinished() int { return q.pending }

// tellIfFinished wakes all who join, if there is nothing left to wait for. The caller holds mu.
// Any number of goroutines may join, and every one of them has to know: so it is no Signal.
func (q *Queue[T]) tellIfFinished() {
	if q.unfinished() == 0 {
		q.finished.Broadcast()
	}
}

// Join waits until no task is unfinished.
func (q *Queue[T]) Join(ctx context.Context) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	return wait(ctx, q.finished, func() bool { return q.unfinished() == 0 })
}

// Shutdown shuts the queue down. Everybody who waits in Get has to hear of it.
func (q *Queue[T]) Shutdown() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.shut = true
	q.came.Broadcast()
}

// ShutdownNow shuts the queue down and takes out what is in it. That can be the end that
// somebody joins for.
func (q *Queue[T]) ShutdownNow() []T {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.shut = true
	q.came.Broadcast()
	left := q.tasks
	q.tasks = nil
	q.pending -= len(left)
	q.tellIfFinished()
	return left
}

// wait returns nil when ready is true, or an error when ctx has ended. Its caller holds the
// lock of changed. Chapter 10 has the reasons.
func wait(ctx context.Context, changed *sync.Cond, ready func() bool) error {
	if ready() {
		return nil
	}
	defer context.AfterFunc(ctx, func() {
		changed.L.Lock()
		defer changed.L.Unlock()
		changed.Broadcast()
	})()
	for !ready() {
		if err := ctx.Err(); err != nil {
			return err
		}
		changed.Wait()
	}
	return nil
}

// Crawl visits start, and whatever the visits find.
//
// The order in a worker is the whole trick: what was found is put in before its finder is
// done. So the count cannot touch zero while anybody still has something to add, and when
// it does, nobody ever will.
//
// The workers do not end when the queue is empty, because it may be empty while one of them
// is about to find a hundred tasks. They end when it has been shut down, and that is after
// the end of the last task, or when there is no point in going on.
func Crawl[T comparable](ctx context.Context, workers int, start []T, visit func(task T) (found []T, err error)) error {
	q := New[T]()
	var (
		mu     sync.Mutex
		seen   = map[T]bool{} // guarded by mu
		failed error          // guarded by mu
	)
	// A task counts as seen when it is put in and not when it is visited: otherwise it could
	// be put in again meanwhile.
	add := func(tasks []T) {
		mu.Lock()
		defer mu.Unlock()
		for _, task := range tasks {
			if !seen[task] {
				seen[task] = true
				q.Put(task) // refused after a shutdown, and then nobody wants it
			}
		}
	}
	work := func() {
		for {
			task, err := q.Get(ctx)
			if err != nil {
				return // shut down, or ctx has ended
			}
			found, err := visit(task)
			if err != nil {
				mu.Lock()
				failed = err
				mu.Unlock()
				q.ShutdownNow()
			} else {
				add(found)
			}
			q.Done() // on every way, or Join waits for ever
		}
	}

	add(start)
	var working sync.WaitGroup
	for range workers {
		working.Go(work)
	}
	err := q.Join(ctx)
	q.ShutdownNow()
	working.Wait()
	if failed != nil {
		return failed
	}
	return err
}
