// want: fail in TestSubmit

// Submit asks whether the pool is closed, and then sends on a channel that Close closes.
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
	tasks   chan job
	closing chan struct{}
	over    chan struct{}
	dropped atomic.Bool  // what comes out of tasks is cancelled
	live    atomic.Int64 // receivers of tasks that have not ended

	mu     sync.Mutex
	closed bool // guarded by mu
}

type job interface {
	run()
	Cancel() bool
}

// New returns a pool with that many workers and a backlog.
func New(workers, backlog int) *Pool {
	p := &Pool{tasks: make(chan job, backlog), closing: make(chan struct{}), over: make(chan struct{})}
	p.live.Store(int64(workers))
	for range workers {
		go p.receive(func(j job) {
			if p.dropped.Load() {
				j.Cancel()
			} else {
				j.run()
			}
		})
	}
	return p
}

func (p *Pool) receive(do func(job)) {
	for j := range p.tasks {
		do(j)
	}
	if p.live.Add(-1) == 0 {
		close(p.over)
	}
}

// enter asks whether the pool is open.
func (p *Pool) enter() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return ErrClosed
	}
	return nil
}

// mine is the key that marks the tasks of one pool: whoever is not marked by it last has
// left it.
type mine struct{}

// Submit hands task to the pool and returns its future.
func Submit[R any](ctx context.Context, p *Pool, task func(ctx context.Context) (R, error)) (*Future[R], error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := p.enter(); err != nil {
		return nil, err
	}
	f := &Future[R]{pool: p, done: make(chan struct{})}
	f.task = func() (R, error) { return task(context.WithValue(ctx, mine{}, p)) }
	if ctx.Value(mine{}) == any(p) {
		go func() {
			p.tasks <- f
		}()
		return f, nil
	}
	select {
	case p.tasks <- f:
		if p.dropped.Load() && f.Cancel() {
			return nil, ErrClosed
		}
		return f, nil
	case <-p.closing:
		return nil, ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// A Future stands for what comes of a task.
type Future[R any] struct {
	pool *Pool
	task func() (R, error)

	mu        sync.Mutex
	begun     bool // guarded by mu
	cancelled bool // guarded by mu
	done      chan struct{}
	value     R
	err       error
	readers   map[chan<- *Future[R]]bool // guarded by mu
}

// begin is for the one who runs the task.
func (f *Future[R]) begin() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.begun || f.cancelled {
		return false
	}
	f.begun = true
	return true
}

func (f *Future[R]) run() {
	if !f.begin() {
		return
	}
	value, err := protect(f.task)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.value, f.err = value, err
	f.end()
}

// end makes the future done. The caller holds mu.
func (f *Future[R]) end() {
	close(f.done)
	for reader := range f.readers {
		reader <- f
	}
	f.readers = nil
}

// tell has the future sent to reader, which has room, when it is done.
func (f *Future[R]) tell(reader chan<- *Future[R]) {
	f.mu.Lock()
	defer f.mu.Unlock()
	select {
	case <-f.done:
		reader <- f
		return
	default:
	}
	if f.readers == nil {
		f.readers = map[chan<- *Future[R]]bool{}
	}
	f.readers[reader] = true
}

func (f *Future[R]) forget(reader chan<- *Future[R]) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.readers, reader)
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
func (f *Future[R]) Result(ctx context.Context) (value R, err error) {
	if ctx.Value(mine{}) == any(f.pool) {
		f.run()
	}
	select {
	case <-f.done:
		return f.value, f.err
	case <-ctx.Done():
		select {
		case <-f.done:
			return f.value, f.err
		default:
			return value, ctx.Err()
		}
	}
}

// Cancel keeps the task from running, if it has not begun.
func (f *Future[R]) Cancel() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.begun && !f.cancelled {
		f.cancelled = true
		f.err = ErrCancelled
		f.end()
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
	var mu sync.Mutex
	var first error
	fail := func(err error) error {
		mu.Lock()
		defer mu.Unlock()
		if first == nil {
			first = err
		}
		stop()
		return err
	}
	results := make([]R, len(items))
	var futures []*Future[struct{}]
	for i := range items {
		future, err := Submit(calls, p, func(ctx context.Context) (none struct{}, err error) {
			if ctx.Err() != nil {
				return none, fail(ctx.Err())
			}
			if results[i], err = protect(func() (R, error) { return f(ctx, items[i]) }); err != nil {
				fail(err)
			}
			return none, err
		})
		if err != nil {
			fail(err)
			break
		}
		futures = append(futures, future)
	}
	complete := len(futures) == len(items)
	for _, future := range futures {
		_, err := future.Result(calls)
		if calls.Err() != nil {
			fail(calls.Err())
			future.Cancel()
			_, err = future.Result(context.WithoutCancel(ctx))
		}
		if err != nil {
			fail(err)
			complete = false
		}
	}
	if !complete {
		return nil, first
	}
	return results, nil
}

// AsCompleted returns a sequence that yields each of the futures when it is done.
func AsCompleted[R any](ctx context.Context, futures ...*Future[R]) iter.Seq[*Future[R]] {
	return func(yield func(*Future[R]) bool) {
		completed := make(chan *Future[R], len(futures))
		for _, future := range futures {
			future.tell(completed)
			defer future.forget(completed)
		}
		for range futures {
			select {
			case <-ctx.Done():
				return
			case future := <-completed:
				if !yield(future) {
					return
				}
			}
		}
	}
}

// Close closes the pool: it takes no more tasks, and runs those that it has.
func (p *Pool) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return
	}
	p.closed = true
	close(p.closing)
	close(p.tasks)
}

// CloseNow closes the pool and cancels all tasks that have not begun.
func (p *Pool) CloseNow() {
	p.Close()
	p.dropped.Store(true)
	for {
		live := p.live.Load()
		if live == 0 {
			return
		}
		if p.live.CompareAndSwap(live, live+1) {
			go p.receive(func(j job) { j.Cancel() })
			return
		}
	}
}

// Shutdown closes the pool and waits until all of its tasks have ended.
func (p *Pool) Shutdown(ctx context.Context) error {
	p.Close()
	select {
	case <-p.over:
		return nil
	case <-ctx.Done():
		select {
		case <-p.over:
			return nil
		default:
			return ctx.Err()
		}
	}
}
