// want: deadlock in TestShutdownContext

// Shutdown counts the tasks that have not ended, and one that was cancelled while it waited for its turn
// never ends.
package pool

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime/debug"
	"slices"
	"sync"
)

var (
	// ErrClosed says that a pool takes no more tasks.
	ErrClosed = errors.New("pool is closed")
	// ErrCancelled says that a task was cancelled before it had begun.
	ErrCancelled = errors.New("task was cancelled")
)

// A Pool runs tasks: so many at the same time as it has workers.
type Pool struct {
	mu      sync.Mutex
	backlog int
	free    int             // workers
	back    []chan struct{} // tasks that have waited and want a worker again
	queue   []job
	known   int           // tasks that have been accepted and have not ended
	changed chan struct{} // closed, and made anew, when there may be room, or nobody is wanted any more
	closed  bool
	over    chan struct{}
}

type job interface {
	begin() bool
	run()
	cancel() bool
}

// New returns a pool with that many workers and a backlog.
func New(workers, backlog int) *Pool {
	return &Pool{backlog: backlog, free: workers, changed: make(chan struct{}), over: make(chan struct{})}
}

// hand hands free workers out. The caller holds mu.
func (p *Pool) hand() {
	for ; p.free > 0 && len(p.back) > 0; p.free-- {
		close(p.back[0])
		p.back = p.back[1:]
	}
	for p.free > 0 && len(p.queue) > 0 {
		j := p.queue[0]
		p.queue = p.queue[1:]
		if !j.begin() {
			continue
		}
		p.free--
		go func() {
			j.run()
			p.mu.Lock()
			defer p.mu.Unlock()
			p.free++
			p.known--
			p.hand()
		}()
	}
	close(p.changed)
	p.changed = make(chan struct{})
	p.ending()
}

// ending tells those in Shutdown if all is over. The caller holds mu.
func (p *Pool) ending() {
	if p.closed && p.known == 0 {
		select {
		case <-p.over:
		default:
			close(p.over)
		}
	}
}

type worker struct{}

// accept puts j into the queue, when there is room or the caller needs none.
func (p *Pool) accept(ctx context.Context, j job) error {
	for {
		p.mu.Lock()
		switch {
		case ctx.Err() != nil:
			p.mu.Unlock()
			return ctx.Err()
		case p.closed:
			p.mu.Unlock()
			return ErrClosed
		case p.free > 0 || len(p.queue) < p.backlog || ctx.Value(worker{}) == any(p):
			p.queue = append(p.queue, j)
			p.known++
			p.hand()
			p.mu.Unlock()
			return nil
		}
		changed := p.changed
		p.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
		}
	}
}

// lend gives the caller's worker to somebody else, until the function that it returns has
// got one back.
func (p *Pool) lend() (back func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.free++
	p.hand()
	return func() {
		turn := make(chan struct{})
		p.mu.Lock()
		p.back = append(p.back, turn)
		p.hand()
		p.mu.Unlock()
		<-turn
	}
}

// Submit hands task to the pool and returns its future.
func Submit[R any](ctx context.Context, p *Pool, task func(ctx context.Context) (R, error)) (*Future[R], error) {
	f := &Future[R]{pool: p, done: make(chan struct{})}
	f.task = func() (R, error) { return task(context.WithValue(ctx, worker{}, p)) }
	if err := p.accept(ctx, f); err != nil {
		return nil, err
	}
	return f, nil
}

// A Future stands for what comes of a task.
type Future[R any] struct {
	pool *Pool
	task func() (R, error)

	begun     bool // guarded by the pool's lock
	cancelled bool // guarded by the pool's lock
	done      chan struct{}
	value     R
	err       error
}

// begin reports whether the task is to be run. The caller holds the pool's lock.
func (f *Future[R]) begin() bool {
	f.begun = !f.cancelled
	return f.begun
}

func (f *Future[R]) run() {
	f.value, f.err = protect(f.task)
	close(f.done)
}

// Done returns a channel that is closed when the future is done.
func (f *Future[R]) Done() <-chan struct{} { return f.done }

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

// Result waits until the future is done and returns what came of the task.
func (f *Future[R]) Result(ctx context.Context) (value R, err error) {
	select {
	case <-f.done:
		return f.value, f.err
	default:
	}
	if ctx.Value(worker{}) == any(f.pool) {
		defer f.pool.lend()()
	}
	select {
	case <-f.done:
		return f.value, f.err
	case <-ctx.Done():
		return value, ctx.Err()
	}
}

// Cancel keeps the task from running, if it has not begun.
func (f *Future[R]) Cancel() bool {
	f.pool.mu.Lock()
	defer f.pool.mu.Unlock()
	return f.cancel()
}

// cancel is Cancel for those who hold the pool's lock.
func (f *Future[R]) cancel() bool {
	if !f.begun && !f.cancelled {
		f.cancelled = true
		f.err = ErrCancelled
		close(f.done)
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
	calls, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	call := func(item T) func(context.Context) (R, error) {
		return func(ctx context.Context) (value R, err error) {
			defer func() {
				if v := recover(); v != nil {
					err = &PanicError{Value: v, Stack: debug.Stack()}
				}
				if err != nil {
					fail(err)
				}
			}()
			if err := calls.Err(); err != nil {
				return value, err
			}
			return f(ctx, item)
		}
	}
	var futures []*Future[R]
	for _, item := range items {
		future, err := Submit(calls, p, call(item))
		if err != nil {
			fail(err)
			break
		}
		futures = append(futures, future)
	}
	values := make([]R, len(items))
	failed := len(futures) < len(items)
	for i, future := range futures {
		future.Result(calls)
		if calls.Err() != nil {
			future.Cancel()
		}
		value, err := future.Result(context.WithoutCancel(ctx))
		if err != nil {
			fail(err)
			failed = true
		}
		values[i] = value
	}
	if failed {
		if err := context.Cause(calls); err != context.Cause(ctx) {
			return nil, err
		}
		return nil, ctx.Err() // which is not why it has ended
	}
	return values, nil
}

// AsCompleted returns a sequence that yields each of the futures when it is done.
func AsCompleted[R any](ctx context.Context, futures ...*Future[R]) iter.Seq[*Future[R]] {
	return func(yield func(*Future[R]) bool) {
		left := slices.Clone(futures)
		for len(left) > 0 {
			future := first(ctx, left)
			if future == nil || !yield(future) {
				return
			}
			left = slices.DeleteFunc(left, func(f *Future[R]) bool { return f == future })
		}
	}
}

// first returns one of the futures that is done, or nil if ctx ends before there is one.
func first[R any](ctx context.Context, futures []*Future[R]) *Future[R] {
	waiting, stop := context.WithCancel(ctx)
	defer stop()
	found := make(chan *Future[R])
	for _, future := range futures {
		go func() {
			select {
			case <-future.done:
				select {
				case found <- future:
				case <-waiting.Done():
				}
			case <-waiting.Done():
			}
		}()
	}
	select {
	case future := <-found:
		return future
	case <-ctx.Done():
		return nil
	}
}

// Close closes the pool: it takes no more tasks, and runs those that it has.
func (p *Pool) Close() { p.close(false) }

// CloseNow closes the pool and cancels all tasks that have not begun.
func (p *Pool) CloseNow() { p.close(true) }

func (p *Pool) close(now bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	if now {
		for _, j := range p.queue {
			j.cancel()
			p.known--
		}
		p.queue = nil
	}
	p.hand()
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
