// One goroutine owns the queue, and everybody sends to it: tasks, the end of tasks, and the
// closing. It hands tasks out to the workers.
package pool

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

var (
	// ErrClosed says that a pool takes no more tasks.
	ErrClosed = errors.New("pool is closed")
	// ErrCancelled says that a task was cancelled before it had begun.
	ErrCancelled = errors.New("task was cancelled")
)

// A Pool runs tasks: so many at the same time as it has workers.
type Pool struct {
	tasks    chan job      // received if there is room
	inner    chan job      // from tasks; received always
	work     chan job      // to the workers
	finished chan struct{} // by a worker
	closing  chan bool     // now?
	closed   chan struct{} // the owner has heard of closing
	over     chan struct{} // the owner has ended
}

// A job is what a pool has to know of a Future, whatever its type.
type job interface {
	run()
	Cancel() bool
}

// New returns a pool with that many workers and a backlog.
func New(workers, backlog int) *Pool {
	p := &Pool{
		tasks:    make(chan job),
		inner:    make(chan job),
		work:     make(chan job),
		finished: make(chan struct{}),
		closing:  make(chan bool),
		closed:   make(chan struct{}),
		over:     make(chan struct{}),
	}
	for range workers {
		go func() {
			for j := range p.work {
				j.run()
				p.finished <- struct{}{}
			}
		}()
	}
	go p.own(workers, backlog)
	return p
}

// own is the goroutine to which the queue belongs.
func (p *Pool) own(workers, backlog int) {
	var queue []job
	idle, open := workers, true
	for open || len(queue) > 0 || idle < workers {
		var tasks, inner, work chan job // those that are nil are not ready
		var next job
		if open {
			inner = p.inner
			if len(queue) < backlog+idle {
				tasks = p.tasks
			}
		}
		if len(queue) > 0 && idle > 0 {
			next, work = queue[0], p.work
		}
		select {
		case j := <-tasks:
			queue = append(queue, j)
		case j := <-inner:
			queue = append(queue, j)
		case work <- next:
			queue = queue[1:]
			idle--
		case <-p.finished:
			idle++
		case now := <-p.closing:
			if open {
				open = false
				close(p.closed)
			}
			if now {
				for _, j := range queue {
					j.Cancel()
				}
				queue = nil
			}
		}
	}
	close(p.work)
	close(p.over)
}

// key is what the pool is found by in the context of its tasks.
type key struct{}

// isTask reports whether ctx is that of a task of this pool. If the task of one pool has
// given its context to that of another, the inner one is meant.
func (p *Pool) isTask(ctx context.Context) bool { return ctx.Value(key{}) == p }

// Submit hands task to the pool and returns its future.
func Submit[R any](ctx context.Context, p *Pool, task func(ctx context.Context) (R, error)) (*Future[R], error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	f := &Future[R]{pool: p, ctx: ctx, task: task, done: make(chan struct{})}
	tasks := p.tasks
	if p.isTask(ctx) {
		tasks = p.inner
	}
	select {
	case tasks <- f:
		return f, nil
	case <-p.closed:
		return nil, ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// A Future stands for what comes of a task.
type Future[R any] struct {
	pool *Pool
	ctx  context.Context
	task func(ctx context.Context) (R, error)

	state atomic.Int32
	done  chan struct{}
	value R     // written before done is closed, read after
	err   error // likewise
}

// The states of a future. Worker, Cancel and whoever wants to run the task himself all try
// to change the first one, and only one of them can.
const (
	waiting int32 = iota
	begun
	cancelled
)

// run runs the task, unless somebody else does or it has been cancelled.
func (f *Future[R]) run() {
	if !f.state.CompareAndSwap(waiting, begun) {
		if f.state.Load() == cancelled {
			<-f.done
		}
		return
	}
	f.value, f.err = protect(func() (R, error) {
		return f.task(context.WithValue(f.ctx, key{}, f.pool))
	})
	close(f.done)
}

// protect calls f and makes an error of a panic. The stack must be taken while the panic is
// under way, in the deferred function.
func protect[R any](f func() (R, error)) (value R, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &PanicError{Value: v, Stack: debug.Stack()}
		}
	}()
	return f()
}

// Done returns a channel that is closed when the future is done.
func (f *Future[R]) Done() <-chan struct{} { return f.done }

// Result waits until the future is done and returns what came of the task.
func (f *Future[R]) Result(ctx context.Context) (R, error) {
	if f.pool.isTask(ctx) && ctx.Err() == nil {
		f.run()
	}
	select {
	case <-f.done:
		return f.value, f.err
	default:
	}
	select {
	case <-f.done:
		return f.value, f.err
	case <-ctx.Done():
		var none R
		return none, ctx.Err()
	}
}

// Cancel keeps the task from running, if it has not begun.
func (f *Future[R]) Cancel() bool {
	if f.state.CompareAndSwap(waiting, cancelled) {
		f.err = ErrCancelled
		close(f.done)
		return true
	}
	return f.state.Load() == cancelled
}

// A PanicError is what Result and Map return when a task has panicked.
type PanicError struct {
	Value any    // what panic was called with
	Stack []byte // of the goroutine while it panicked, as debug.Stack prints it
}

// Error returns "panic: " and the value.
func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// Unwrap returns the value if it is an error, so that errors.Is and errors.As find it.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// Map calls f for each of the items and returns the results in their order.
func Map[T, R any](ctx context.Context, p *Pool, items []T, f func(ctx context.Context, item T) (R, error)) ([]R, error) {
	calls, stop := context.WithCancel(ctx)
	defer stop()
	var first error
	var once sync.Once
	fail := func(err error) {
		once.Do(func() { first = err; stop() })
	}

	futures := make([]*Future[R], 0, len(items))
	for _, item := range items {
		future, err := Submit(calls, p, func(ctx context.Context) (R, error) {
			var none R
			if err := ctx.Err(); err != nil {
				fail(err)
				return none, err
			}
			value, err := protect(func() (R, error) { return f(ctx, item) })
			if err != nil {
				fail(err)
			}
			return value, err
		})
		if err != nil {
			fail(err)
			break
		}
		futures = append(futures, future)
	}

	values := make([]R, len(futures))
	failed := len(futures) < len(items)
	for i, future := range futures {
		value, err := future.Result(calls)
		if calls.Err() != nil {
			fail(calls.Err())
			future.Cancel()
			value, err = future.Result(context.WithoutCancel(ctx))
		}
		if err != nil {
			fail(err)
			failed = true
		}
		values[i] = value
	}
	if failed {
		return nil, first
	}
	return values, nil
}

// AsCompleted returns a sequence that yields each of the futures when it is done.
func AsCompleted[R any](ctx context.Context, futures ...*Future[R]) iter.Seq[*Future[R]] {
	return func(yield func(*Future[R]) bool) {
		listening, stop := context.WithCancel(ctx)
		defer stop()
		completed := make(chan *Future[R], len(futures))
		for _, future := range futures {
			go func() {
				select {
				case <-future.Done():
					completed <- future
				case <-listening.Done():
				}
			}()
		}
		for range futures {
			select {
			case future := <-completed:
				if !yield(future) {
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}
}

// Close closes the pool: it takes no more tasks, and runs those that it has.
func (p *Pool) Close() { p.close(false) }

// CloseNow closes the pool and cancels all tasks that have not begun.
func (p *Pool) CloseNow() { p.close(true) }

func (p *Pool) close(now bool) {
	select {
	case p.closing <- now:
		<-p.closed
	case <-p.over:
	}
}

// Shutdown closes the pool and waits until all of its tasks have ended.
func (p *Pool) Shutdown(ctx context.Context) error {
	p.Close()
	select {
	case <-p.over:
		return nil
	default:
	}
	select {
	case <-p.over:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
