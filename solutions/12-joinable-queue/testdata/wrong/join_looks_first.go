// want: deadlock in TestJoinMissesNothing, deadlock in TestJoinTogether, deadlock in TestJoinGivesUp, deadlock in TestJoinPublishes, deadlock in TestShutdownNowWakes, deadlock in TestShutdownNowTogether, deadlock in TestCrawl

// Join looks in one lock section and begins to wait in the next: the last Done may come in
// between.
package joinable

import (
	"context"
	"errors"
	"sync"
)

var (
	ErrShutdown = errors.New("queue is shut down")
	ErrDone     = errors.New("more tasks done than taken out")
)

type Queue[T any] struct {
	mu       sync.Mutex
	tasks    []T
	taken    int
	shut     bool
	came     *sync.Cond
	finished *sync.Cond
}

func New[T any]() *Queue[T] {
	q := &Queue[T]{}
	q.came, q.finished = sync.NewCond(&q.mu), sync.NewCond(&q.mu)
	return q
}

func (q *Queue[T]) Put(task T) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.shut {
		return ErrShutdown
	}
	q.tasks = append(q.tasks, task)
	q.came.Signal()
	return nil
}

func (q *Queue[T]) Get(ctx context.Context) (T, error) {
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
	q.tasks[0] = none
	q.tasks = q.tasks[1:]
	q.taken++
	return task, nil
}

func (q *Queue[T]) Done() error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.taken == 0 {
		return ErrDone
	}
	q.taken--
	q.tellIfFinished()
	return nil
}

func (q *Queue[T]) Unfinished() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.unfinished()
}

func (q *Queue[T]) unfinished() int { return len(q.tasks) + q.taken }

func (q *Queue[T]) tellIfFinished() {
	if q.unfinished() == 0 {
		q.finished.Broadcast()
	}
}

func (q *Queue[T]) Join(ctx context.Context) error {
	if q.Unfinished() == 0 {
		return nil
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	defer context.AfterFunc(ctx, func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		q.finished.Broadcast()
	})()
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		q.finished.Wait()
		if q.unfinished() == 0 {
			return nil
		}
	}
}

func (q *Queue[T]) Shutdown() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.shut = true
	q.came.Broadcast()
}

func (q *Queue[T]) ShutdownNow() []T {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.shut = true
	q.came.Broadcast()
	left := q.tasks
	q.tasks = nil
	q.tellIfFinished()
	return left
}

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

func Crawl[T comparable](ctx context.Context, workers int, start []T, visit func(task T) (found []T, err error)) error {
	q := New[T]()
	var (
		mu     sync.Mutex
		seen   = map[T]bool{}
		failed error
	)
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
