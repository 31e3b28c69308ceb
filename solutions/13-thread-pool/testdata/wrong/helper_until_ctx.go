// want: leak in TestSubmitContext, leak in TestResultContext, leak in TestShutdown

// Whoever has waited leaves a helper behind, which goes on waiting for the end of the context.
package pool

import (
	"container/list"
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime/debug"
	"sync"
)

var (
	ErrClosed    = errors.New("pool is closed")
	ErrCancelled = errors.New("task was cancelled")
)

// A PanicError is what Result and Map return when a task has panicked.
type PanicError struct {
	Value any
	Stack []byte
}

func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// run calls f, and turns a panic into an error.
func run[R any](f func() (R, error)) (value R, err error) {
	defer func() {
		if r := recover(); r != nil {
			var none R
			value, err = none, &PanicError{r, debug.Stack()}
		}
	}()
	return f()
}

type Pool struct {
	workers, backlog int

	mu      sync.Mutex
	changed *sync.Cond
	ready   list.List // of *job
	running int       // goroutines that run a task which does not wait
	threads int       // workers, those who stand in included
	lent    int       // tasks that wait
	closed  bool
	left    int
}

type job struct {
	pool      *Pool
	at        *list.Element // in ready; nil when it has begun or was cancelled
	call      func()
	cancel    func() // what the future keeps of it
	cancelled bool
	done      chan struct{}
}

type key struct{}

func New(workers, backlog int) *Pool {
	p := &Pool{workers: workers, backlog: backlog}
	p.changed = sync.NewCond(&p.mu)
	p.threads = workers
	for range workers {
		go p.worker()
	}
	return p
}

func (p *Pool) worker() {
	p.mu.Lock()
	defer p.mu.Unlock()
	defer func() { p.threads--; p.changed.Broadcast() }()
	for {
		for p.ready.Len() == 0 || p.running >= p.workers {
			if p.closed && p.left == 0 || p.threads > p.workers+p.lent {
				return
			}
			p.changed.Wait()
		}
		p.running++
		p.perform(p.ready.Front().Value.(*job))
		p.running--
		p.changed.Broadcast()
	}
}

// perform runs j, which is ready, with mu, which it lets go of meanwhile.
func (p *Pool) perform(j *job) {
	p.ready.Remove(j.at)
	j.at = nil
	p.changed.Broadcast()
	p.mu.Unlock()
	j.call()
	p.mu.Lock()
	p.finish(j)
}

func (p *Pool) finish(j *job) {
	close(j.done)
	p.left--
	p.changed.Broadcast()
}

// until waits for cond. With mu.
func (p *Pool) until(ctx context.Context, cond func() bool) bool {
	if ctx.Done() != nil && !cond() {
		go func() {
			<-ctx.Done()
			p.mu.Lock()
			defer p.mu.Unlock()
			p.changed.Broadcast()
		}()
	}
	for !cond() {
		if ctx.Err() != nil {
			return false
		}
		p.changed.Wait()
	}
	return true
}

type Future[R any] struct {
	job
	value R
	err   error
}

func Submit[R any](ctx context.Context, p *Pool, task func(ctx context.Context) (R, error)) (*Future[R], error) {
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	f := &Future[R]{job: job{pool: p, done: make(chan struct{})}}
	f.call = func() {
		f.value, f.err = run(func() (R, error) { return task(context.WithValue(ctx, key{}, p)) })
	}
	f.job.cancel = func() { f.err = ErrCancelled }
	p.mu.Lock()
	defer p.mu.Unlock()
	if ctx.Value(key{}) != p {
		if !p.until(ctx, func() bool {
			return p.closed || p.ready.Len() < p.backlog+max(0, p.workers-p.running)
		}) {
			return nil, ctx.Err()
		}
	}
	if p.closed {
		return nil, ErrClosed
	}
	p.left++
	f.at = p.ready.PushBack(&f.job)
	p.changed.Broadcast()
	return f, nil
}

func (f *Future[R]) Done() <-chan struct{} { return f.done }

func (f *Future[R]) over() bool {
	select {
	case <-f.done:
		return true
	default:
		return false
	}
}

func (f *Future[R]) Result(ctx context.Context) (R, error) {
	p := f.pool
	p.mu.Lock()
	defer p.mu.Unlock()
	if ctx.Value(key{}) == p && !f.over() && ctx.Err() == nil {
		if f.at != nil {
			p.perform(&f.job) // in my place
			return f.value, f.err
		}
		p.running--
		p.lent++
		if p.threads < p.workers+p.lent {
			p.threads++
			go p.worker()
		}
		p.changed.Broadcast()
		p.until(ctx, f.over)
		for p.running >= p.workers {
			p.changed.Wait()
		}
		p.lent--
		p.running++
		p.changed.Broadcast()
	}
	if !p.until(ctx, f.over) {
		var none R
		return none, ctx.Err()
	}
	return f.value, f.err
}

func (p *Pool) drop(j *job) {
	p.ready.Remove(j.at)
	j.at = nil
	j.cancelled = true
	j.cancel()
	p.finish(j)
}

func (f *Future[R]) Cancel() bool {
	f.pool.mu.Lock()
	defer f.pool.mu.Unlock()
	if f.at != nil {
		f.pool.drop(&f.job)
	}
	return f.cancelled
}

func (p *Pool) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	p.changed.Broadcast()
}

func (p *Pool) CloseNow() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for p.ready.Len() > 0 {
		p.drop(p.ready.Front().Value.(*job))
	}
	p.changed.Broadcast()
}

func (p *Pool) Shutdown(ctx context.Context) error {
	p.Close()
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.until(ctx, func() bool { return p.left == 0 }) {
		return ctx.Err()
	}
	return nil
}

func Map[T, R any](ctx context.Context, p *Pool, items []T, f func(ctx context.Context, item T) (R, error)) ([]R, error) {
	results := make([]R, len(items))
	if len(items) == 0 {
		return results, nil
	}
	var (
		mu      sync.Mutex
		failure error
		good    int
	)
	within, cancel := context.WithCancel(ctx)
	defer cancel()
	fail := func(err error) {
		mu.Lock()
		if failure == nil {
			if ctx.Err() != nil && (errors.Is(err, ErrClosed) || errors.Is(err, ErrCancelled)) {
				err = ctx.Err()
			}
			failure = err
		}
		mu.Unlock()
		cancel()
	}
	var futures []*Future[struct{}]
	for i, item := range items {
		future, err := Submit(within, p, func(ctx context.Context) (struct{}, error) {
			if ctx.Err() != nil {
				return struct{}{}, nil // somebody has failed: this call does not begin
			}
			value, err := run(func() (R, error) { return f(ctx, item) })
			if err != nil {
				fail(err)
				return struct{}{}, nil
			}
			mu.Lock()
			defer mu.Unlock()
			results[i] = value
			good++
			return struct{}{}, nil
		})
		if err != nil {
			if within.Err() == nil {
				fail(err)
			}
			break
		}
		futures = append(futures, future)
	}
	// what has not begun when it is over is cancelled at once
	stop := context.AfterFunc(within, func() {
		for _, future := range futures {
			future.Cancel()
		}
	})
	defer stop()
	for _, future := range futures {
		if _, err := future.Result(context.WithoutCancel(ctx)); err != nil && within.Err() == nil {
			fail(err) // CloseNow
		}
	}
	mu.Lock()
	defer mu.Unlock()
	switch {
	case failure != nil:
		return nil, failure
	case good == len(items):
		return results, nil
	}
	return nil, ctx.Err()
}

func AsCompleted[R any](ctx context.Context, futures ...*Future[R]) iter.Seq[*Future[R]] {
	return func(yield func(*Future[R]) bool) {
		// the pools of the futures may be different ones, so each is asked for itself
		ctx, leave := context.WithCancel(ctx)
		defer leave()
		done := make(chan *Future[R], len(futures))
		for _, f := range futures {
			go func() {
				select {
				case <-f.done:
					done <- f
				case <-ctx.Done():
				}
			}()
		}
		for range futures {
			select {
			case f := <-done:
				if !yield(f) {
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}
}
