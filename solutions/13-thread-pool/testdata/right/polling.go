// Nobody is woken: those who wait look every few milliseconds, under one lock for all.
package pool

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime/debug"
	"slices"
	"sync"
	"time"
)

var (
	// ErrClosed says that a pool takes no more tasks.
	ErrClosed = errors.New("pool is closed")
	// ErrCancelled says that a task was cancelled before it had begun.
	ErrCancelled = errors.New("task was cancelled")
)

// A Pool runs tasks: so many at the same time as it has workers.
type Pool struct {
	mu       sync.Mutex
	capacity int
	inside   int // accepted and not ended, without those of tasks
	queue    []entry
	closed   bool
	workers  int // that have not ended
}

type entry struct {
	job
	placed bool
}

type job interface {
	run()
	cancel() bool
}

// poll returns when ready does, called under the lock, every few milliseconds.
func (p *Pool) poll(ready func() bool) {
	for {
		p.mu.Lock()
		done := ready()
		p.mu.Unlock()
		if done {
			return
		}
		time.Sleep(3 * time.Millisecond)
	}
}

// New returns a pool with that many workers and a backlog.
func New(workers, backlog int) *Pool {
	p := &Pool{capacity: workers + backlog, workers: workers}
	for range workers {
		go p.work()
	}
	return p
}

func (p *Pool) work() {
	for {
		var next entry
		p.poll(func() bool {
			if len(p.queue) > 0 {
				next = p.queue[0]
				p.queue = p.queue[1:]
				return true
			}
			return p.closed
		})
		if next.job == nil {
			break
		}
		next.run()
		if next.placed {
			p.mu.Lock()
			p.inside--
			p.mu.Unlock()
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.workers--
}

// key is what the pool is found by in the context of its tasks.
type key struct{}

// isTask reports whether ctx is that of a task of this pool. If the task of one pool has
// given its context to that of another, the inner one is meant.
func (p *Pool) isTask(ctx context.Context) bool { return ctx.Value(key{}) == p }

// Submit hands task to the pool and returns its future.
func Submit[R any](ctx context.Context, p *Pool, task func(ctx context.Context) (R, error)) (future *Future[R], err error) {
	p.poll(func() bool {
		placed := !p.isTask(ctx)
		switch {
		case ctx.Err() != nil:
			err = ctx.Err()
		case p.closed:
			err = ErrClosed
		case placed && p.inside == p.capacity:
			return false
		default:
			future = &Future[R]{pool: p, ctx: ctx, task: task, done: make(chan struct{})}
			p.queue = append(p.queue, entry{future, placed})
			if placed {
				p.inside++
			}
		}
		return true
	})
	return future, err
}

// A Future stands for what comes of a task. All of it is guarded by the pool's lock.
type Future[R any] struct {
	pool *Pool
	ctx  context.Context
	task func(ctx context.Context) (R, error)

	begun, ended, cancelled bool

	done  chan struct{}
	value R
	err   error
}

func (f *Future[R]) run() {
	f.pool.mu.Lock()
	first := !f.begun && !f.cancelled
	f.begun = f.begun || first
	f.pool.mu.Unlock()
	if first {
		value, err := f.call()
		f.pool.mu.Lock()
		defer f.pool.mu.Unlock()
		f.end(value, err)
	}
}

func (f *Future[R]) call() (value R, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &PanicError{Value: v, Stack: debug.Stack()}
		}
	}()
	return f.task(context.WithValue(f.ctx, key{}, f.pool))
}

func (f *Future[R]) end(value R, err error) {
	f.value, f.err, f.ended = value, err, true
	close(f.done)
}

// Done returns a channel that is closed when the future is done.
func (f *Future[R]) Done() <-chan struct{} { return f.done }

// Result waits until the future is done and returns what came of the task.
func (f *Future[R]) Result(ctx context.Context) (value R, err error) {
	if f.pool.isTask(ctx) {
		f.run()
	}
	f.pool.poll(func() bool {
		if f.ended {
			value, err = f.value, f.err
			return true
		}
		err = ctx.Err()
		return err != nil
	})
	return value, err
}

// Cancel keeps the task from running, if it has not begun.
func (f *Future[R]) Cancel() bool {
	f.pool.mu.Lock()
	defer f.pool.mu.Unlock()
	return f.cancel()
}

func (f *Future[R]) cancel() bool {
	if !f.begun && !f.cancelled {
		f.cancelled = true
		var none R
		f.end(none, ErrCancelled)
	}
	return f.cancelled
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
	var first error // guarded by the pool's lock
	fail := func(err error) {
		p.mu.Lock()
		defer p.mu.Unlock()
		if first == nil {
			first = err
			stop()
		}
	}
	var futures []*Future[R]
	for _, item := range items {
		future, err := Submit(calls, p, func(ctx context.Context) (R, error) {
			inner := Future[R]{pool: p, ctx: ctx, task: func(ctx context.Context) (value R, err error) {
				if err := ctx.Err(); err != nil {
					return value, err
				}
				return f(ctx, item)
			}}
			value, err := inner.call()
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
	values := make([]R, 0, len(items))
	for _, future := range futures {
		value, err := future.Result(calls)
		if calls.Err() != nil {
			fail(calls.Err())
			future.Cancel()
			value, err = future.Result(context.WithoutCancel(ctx))
		}
		if err == nil {
			values = append(values, value)
		} else {
			fail(err)
		}
	}
	if len(values) < len(items) {
		return nil, first
	}
	return values, nil
}

// AsCompleted returns a sequence that yields each of the futures when it is done.
func AsCompleted[R any](ctx context.Context, futures ...*Future[R]) iter.Seq[*Future[R]] {
	return func(yield func(*Future[R]) bool) {
		left := slices.Clone(futures)
		for len(left) > 0 {
			i := slices.IndexFunc(left, func(f *Future[R]) bool {
				f.pool.mu.Lock()
				defer f.pool.mu.Unlock()
				return f.ended
			})
			switch {
			case i >= 0:
				future := left[i]
				left = slices.Delete(left, i, i+1)
				if !yield(future) {
					return
				}
			case ctx.Err() != nil:
				return
			default:
				time.Sleep(3 * time.Millisecond)
			}
		}
	}
}

// Close closes the pool: it takes no more tasks, and runs those that it has.
func (p *Pool) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
}

// CloseNow closes the pool and cancels all tasks that have not begun.
func (p *Pool) CloseNow() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for _, e := range p.queue {
		e.cancel()
	}
	p.queue = nil
}

// Shutdown closes the pool and waits until all of its tasks have ended.
func (p *Pool) Shutdown(ctx context.Context) (err error) {
	p.Close()
	p.poll(func() bool {
		if p.workers == 0 {
			return true
		}
		err = ctx.Err()
		return err != nil
	})
	return err
}
