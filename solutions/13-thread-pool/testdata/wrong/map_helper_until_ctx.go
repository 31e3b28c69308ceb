// want: leak in TestMapFails

// Map leaves a goroutine behind that goes on waiting for the end of its context.
package pool

import (
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

// A Pool has no goroutine while it has nothing to do.
type Pool struct {
	workers, backlog int

	mu      sync.Mutex
	running int
	ready   []*job          // accepted, not begun
	back    []chan struct{} // of tasks that have waited and want to go on; closing one gives it a worker
	blocked []*entry        // in Submit
	closed  bool
	left    int             // accepted, and neither ended nor cancelled
	empty   []chan struct{} // of those in Shutdown
}

type entry struct {
	job      *job
	answered chan error
}

type jobState int

const (
	waiting jobState = iota
	begun
	over
)

type job struct {
	pool         *Pool
	state        jobState // guarded by the mu of the pool
	run          func()
	setErr       func(error)
	wasCancelled bool
	done         chan struct{}
}

type taskKey struct{}

func current(ctx context.Context, p *Pool) bool {
	pool, _ := ctx.Value(taskKey{}).(*Pool)
	return pool == p
}

func New(workers, backlog int) *Pool { return &Pool{workers: workers, backlog: backlog} }

// dispatch gives away what can be given away. With mu.
func (p *Pool) dispatch() {
	for {
		for len(p.ready) > 0 && p.ready[0].state != waiting {
			p.ready = p.ready[1:]
		}
		switch {
		case p.running < p.workers && len(p.back) > 0:
			p.running++
			close(p.back[0])
			p.back = p.back[1:]
		case p.running < p.workers && len(p.ready) > 0:
			j := p.ready[0]
			p.ready = p.ready[1:]
			p.running++
			j.state = begun
			go p.work(j)
		case len(p.blocked) > 0 && (p.running < p.workers || p.waiting() < p.backlog):
			e := p.blocked[0]
			p.blocked = p.blocked[1:]
			p.accept(e.job)
			e.answered <- nil
		default:
			return
		}
	}
}

func (p *Pool) waiting() (n int) {
	for _, j := range p.ready {
		if j.state == waiting {
			n++
		}
	}
	return n
}

func (p *Pool) accept(j *job) {
	p.left++
	p.ready = append(p.ready, j)
}

func (p *Pool) work(j *job) {
	j.run()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.running--
	p.end(j)
	p.dispatch()
}

// with mu
func (p *Pool) end(j *job) {
	j.state = over
	close(j.done)
	p.left--
	p.tell()
}

func (p *Pool) tell() {
	if p.left == 0 && p.closed {
		for _, c := range p.empty {
			close(c)
		}
		p.empty = nil
	}
}

// await waits for done; meanwhile the task that calls it is not running.
func (p *Pool) await(ctx context.Context, done <-chan struct{}) {
	p.mu.Lock()
	p.running--
	p.dispatch()
	p.mu.Unlock()
	select {
	case <-done:
	case <-ctx.Done():
	}
	again := make(chan struct{})
	p.mu.Lock()
	p.back = append(p.back, again)
	p.dispatch()
	p.mu.Unlock()
	<-again
}

type Future[R any] struct {
	job   job
	value R
	err   error
}

func Submit[R any](ctx context.Context, p *Pool, task func(ctx context.Context) (R, error)) (*Future[R], error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	f := &Future[R]{job: job{pool: p, done: make(chan struct{})}}
	f.job.run = func() {
		f.value, f.err = run(func() (R, error) { return task(context.WithValue(ctx, taskKey{}, p)) })
	}
	f.job.setErr = func(err error) { f.err = err }
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil, ErrClosed
	}
	if current(ctx, p) {
		p.accept(&f.job)
		p.dispatch()
		p.mu.Unlock()
		return f, nil
	}
	e := &entry{&f.job, make(chan error, 1)}
	p.blocked = append(p.blocked, e)
	p.dispatch()
	p.mu.Unlock()
	select {
	case err := <-e.answered:
		if err != nil {
			return nil, err
		}
		return f, nil
	case <-ctx.Done():
		p.mu.Lock()
		defer p.mu.Unlock()
		for i, b := range p.blocked {
			if b == e {
				p.blocked = append(p.blocked[:i:i], p.blocked[i+1:]...)
				return nil, ctx.Err()
			}
		}
		if err := <-e.answered; err != nil {
			return nil, err
		}
		return f, nil
	}
}

func (f *Future[R]) Done() <-chan struct{} { return f.job.done }

func (f *Future[R]) Result(ctx context.Context) (R, error) {
	select {
	case <-f.job.done:
		return f.value, f.err
	default:
	}
	if p := f.job.pool; current(ctx, p) {
		p.await(ctx, f.job.done)
	} else {
		select {
		case <-f.job.done:
		case <-ctx.Done():
		}
	}
	select {
	case <-f.job.done:
		return f.value, f.err
	default:
		var none R
		return none, ctx.Err()
	}
}

func (f *Future[R]) Cancel() bool {
	p := f.job.pool
	p.mu.Lock()
	defer p.mu.Unlock()
	if f.job.state == waiting {
		f.job.cancel()
		p.dispatch()
	}
	return f.job.wasCancelled
}

// cancel is called with the mu of the pool, for a job that waits.
func (j *job) cancel() {
	j.wasCancelled = true
	j.setErr(ErrCancelled)
	j.pool.end(j)
}

func (p *Pool) close() {
	p.closed = true
	for _, e := range p.blocked {
		e.answered <- ErrClosed
	}
	p.blocked = nil
	p.tell()
}

func (p *Pool) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.close()
}

func (p *Pool) CloseNow() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.close()
	for _, j := range p.ready {
		if j.state == waiting {
			j.cancel()
		}
	}
	p.ready = nil
}

func (p *Pool) Shutdown(ctx context.Context) error {
	p.mu.Lock()
	p.close()
	if p.left == 0 {
		p.mu.Unlock()
		return nil
	}
	empty := make(chan struct{})
	p.empty = append(p.empty, empty)
	p.mu.Unlock()
	select {
	case <-empty:
		return nil
	default:
	}
	select {
	case <-empty:
		return nil
	case <-ctx.Done():
		select {
		case <-empty:
			return nil
		default:
			return ctx.Err()
		}
	}
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
	context.AfterFunc(within, func() {
		for _, future := range futures {
			future.Cancel()
		}
	})
	if ctx.Done() != nil {
		go func() {
			<-ctx.Done()
			cancel()
		}()
	}
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
		left := make(chan struct{})
		done := make(chan *Future[R])
		var wg sync.WaitGroup
		defer wg.Wait()
		defer close(left)
		for _, future := range futures {
			wg.Go(func() {
				select {
				case <-future.Done():
				case <-left:
					return
				}
				select {
				case done <- future:
				case <-left:
				}
			})
		}
		for range futures {
			select {
			case future := <-done:
				if !yield(future) {
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}
}
