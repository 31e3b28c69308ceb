// Outsiders stand in line to submit, and leave it when their contexts end or the pool is closed.
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
//
// Waiting for room is a matter of a channel, because a context may end it. The queue itself
// is a slice: tasks may add to it however full it is, and a channel could not be emptied
// by CloseNow while workers take from it.
type Pool struct {
	places  chan struct{} // a value for each task of an outsider that is in the pool
	closing chan struct{} // closed when the pool is
	over    chan struct{} // closed when the last worker has ended

	mu      sync.Mutex
	changed sync.Cond // the queue has become longer, or the pool has been closed
	queue   []entry   // guarded by mu
	closed  bool      // guarded by mu
	workers int       // that have not ended; guarded by mu

	line chan struct{} // has a value while an outsider is in Submit
}

// An entry is a task in the queue.
type entry struct {
	job
	placed bool // has taken a place
}

// A job is what a pool has to know of a Future, whatever its type.
type job interface {
	run()
	Cancel() bool
}

// New returns a pool with that many workers and a backlog.
func New(workers, backlog int) *Pool {
	p := &Pool{
		places:  make(chan struct{}, workers+backlog),
		closing: make(chan struct{}),
		over:    make(chan struct{}),
		line:    make(chan struct{}, 1),
		workers: workers,
	}
	p.changed.L = &p.mu
	for range workers {
		go p.work()
	}
	return p
}

// work is a worker. It ends when the pool is closed and the queue is empty, in that order:
// a worker that only saw the closing would leave tasks behind.
func (p *Pool) work() {
	for {
		e, ok := p.next()
		if !ok {
			return
		}
		e.run()
		if e.placed {
			<-p.places
		}
	}
}

// next takes the oldest task out of the queue, and waits for one if there is none.
func (p *Pool) next() (e entry, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.queue) == 0 {
		if p.closed {
			if p.workers--; p.workers == 0 {
				close(p.over)
			}
			return entry{}, false
		}
		p.changed.Wait()
	}
	e = p.queue[0]
	p.queue = p.queue[1:]
	return e, true
}

// add puts a task into the queue, unless the pool is closed. The question and the act are
// one step: between them a Close would leave a task that nobody runs.
func (p *Pool) add(e entry) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return ErrClosed
	}
	p.queue = append(p.queue, e)
	p.changed.Signal()
	return nil
}

// key is what the pool is found by in the context of its tasks.
type key struct{}

// isTask reports whether ctx is that of a task of this pool. If the task of one pool has
// given its context to that of another, the inner one is meant.
func (p *Pool) isTask(ctx context.Context) bool { return ctx.Value(key{}) == p }

// Submit hands task to the pool and returns its future.
//
// A task needs no place: if it had to wait for one, all workers could be waiting for
// places, which come from workers.
func Submit[R any](ctx context.Context, p *Pool, task func(ctx context.Context) (R, error)) (*Future[R], error) {
	if err := ctx.Err(); err != nil {
		return nil, err // select would choose at random
	}
	placed := !p.isTask(ctx)
	if placed {
		select {
		case p.line <- struct{}{}:
			defer func() { <-p.line }()
		case <-p.closing:
			return nil, ErrClosed
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		select {
		case p.places <- struct{}{}:
		case <-p.closing:
			return nil, ErrClosed
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	f := &Future[R]{pool: p, ctx: ctx, task: task, done: make(chan struct{})}
	if err := p.add(entry{f, placed}); err != nil {
		return nil, err // the place is of no use to anybody any more
	}
	return f, nil
}

// A Future stands for what comes of a task.
type Future[R any] struct {
	pool *Pool
	ctx  context.Context
	task func(ctx context.Context) (R, error)

	state atomic.Int32 // waiting, then one of the others, for good
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
			<-f.done // in a moment; when the workers have ended all futures are done
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
//
// A task that waits has a worker that does nothing, so it does itself what it waits for, if
// nobody has begun. If somebody has, then he has a worker of his own, or runs on that of
// somebody who waits for him; so nobody waits for a worker, and only a circle of tasks
// could make all of them wait. That holds for this one task and for no other from the
// queue: a stranger might wait for the very task under which he would be running.
func (f *Future[R]) Result(ctx context.Context) (R, error) {
	if f.pool.isTask(ctx) && ctx.Err() == nil {
		f.run()
	}
	select {
	case <-f.done: // even if ctx has ended
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
//
// It stays in the queue, where the worker that comes upon it will find that there is nothing
// to do.
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
//
// The order costs nothing: futures are asked in the order of the items, and it does not
// matter which is ready first. Failing is what needs care. Whoever is first says what is
// returned, and ends the context of all. That wakes those who run, keeps Submit from
// waiting on, and turns back those whose turn comes later.
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
		if calls.Err() != nil { // so that was perhaps not its result
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
//
// One goroutine waits for each, and the channel has room for all of them: nobody who has
// news need wait until somebody listens. Those who are still waiting when the loop ends
// are let go by stop, which comes however it ends.
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
//
// The channel is for those who wait for a place, the variable for those who have one. No
// channel is closed on which somebody might be sending.
func (p *Pool) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.close()
}

// close is Close for those who hold mu.
func (p *Pool) close() {
	if p.closed {
		return
	}
	p.closed = true
	close(p.closing)
	p.changed.Broadcast() // all workers have to go, not one
}

// CloseNow closes the pool and cancels all tasks that have not begun.
func (p *Pool) CloseNow() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.close()
	for _, e := range p.queue {
		e.Cancel()
	}
	p.queue = nil
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
