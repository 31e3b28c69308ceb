// want: deadlock in TestTaskWaits

// There are no more than 32 goroutines besides the workers, however many tasks wait.
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

type PanicError struct {
	Value any
	Stack []byte
}

func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

type poolKey struct{}

func call[R any](ctx context.Context, f func(context.Context) (R, error)) (value R, err error) {
	ok := false
	defer func() {
		if ok {
			return
		}
		v := recover()
		var zero R
		value, err = zero, &PanicError{v, debug.Stack()}
	}()
	value, err = f(ctx)
	ok = true
	return
}

type job struct {
	run    func()
	cancel func() bool
	free   bool // takes no room
}

type submitter struct {
	j        *job
	accepted chan error
}

// All is guarded by a channel with room for one.
type Pool struct {
	mutex     chan struct{}
	idle      []chan *job // workers that wait
	permits   int         // how many more may run
	waiting   []*job
	room, in  int
	putters   []*submitter
	returners []chan struct{}
	alive     int // accepted, not over
	shut      bool
	over      chan struct{}
	spare     int
}

func New(workers, backlog int) *Pool {
	return &Pool{mutex: make(chan struct{}, 1), permits: workers, spare: workers + 32, room: backlog, over: make(chan struct{})}
}

func (p *Pool) lock()   { p.mutex <- struct{}{} }
func (p *Pool) unlock() { <-p.mutex }

// schedule does all that can be done; with the lock.
func (p *Pool) schedule() {
	for {
		switch {
		case p.permits > 0 && len(p.returners) > 0:
			p.permits--
			close(p.returners[0])
			p.returners = p.returners[1:]
		case p.permits > 0 && len(p.waiting) > 0 && (len(p.idle) > 0 || p.spare > 0):
			p.permits--
			j := p.waiting[0]
			p.waiting = p.waiting[1:]
			if !j.free {
				p.in--
			}
			p.start(j)
		case len(p.putters) > 0 && (p.in < p.room || p.permits > 0):
			s := p.putters[0]
			p.putters = p.putters[1:]
			p.accept(s.j)
			s.accepted <- nil
		default:
			if p.shut {
				for _, w := range p.idle {
					close(w)
				}
				p.idle = nil
				if p.alive == 0 {
					select {
					case <-p.over:
					default:
						close(p.over)
					}
				}
			}
			return
		}
	}
}

func (p *Pool) accept(j *job) {
	p.alive++
	if !j.free {
		p.in++
	}
	p.waiting = append(p.waiting, j)
}

func (p *Pool) start(j *job) {
	if n := len(p.idle); n > 0 {
		p.idle[n-1] <- j
		p.idle = p.idle[:n-1]
		return
	}
	p.spare-- // no more goroutines than that
	mailbox := make(chan *job, 1)
	mailbox <- j
	go func() {
		for j := range mailbox {
			j.run()
			p.lock()
			p.alive--
			p.permits++
			p.idle = append(p.idle, mailbox)
			p.schedule()
			p.unlock()
		}
	}()
}

func Submit[R any](ctx context.Context, p *Pool, task func(ctx context.Context) (R, error)) (*Future[R], error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	f := &Future[R]{p: p, done: make(chan struct{}), status: make(chan status, 1)}
	f.status <- waits
	j := &job{free: ctx.Value(poolKey{}) == p, cancel: f.Cancel}
	j.run = func() {
		if s := <-f.status; s != waits {
			f.status <- s
			return
		}
		f.status <- runs
		f.value, f.err = call(context.WithValue(ctx, poolKey{}, p), task)
		close(f.done)
	}
	p.lock()
	if p.shut {
		p.unlock()
		return nil, ErrClosed
	}
	f.j = j
	if j.free {
		p.accept(j)
		p.schedule()
		p.unlock()
		return f, nil
	}
	s := &submitter{j, make(chan error, 1)}
	p.putters = append(p.putters, s)
	p.schedule()
	p.unlock()
	var err error
	select {
	case err = <-s.accepted:
	case <-ctx.Done():
		p.lock()
		select {
		case err = <-s.accepted:
		default:
			err = ctx.Err()
			for i, other := range p.putters {
				if other == s {
					p.putters = append(p.putters[:i:i], p.putters[i+1:]...)
				}
			}
		}
		p.unlock()
	}
	if err != nil {
		return nil, err
	}
	return f, nil
}

type status int8

const (
	waits status = iota
	runs
	cancelled
)

type Future[R any] struct {
	p      *Pool
	j      *job
	done   chan struct{}
	status chan status
	value  R
	err    error
}

func (f *Future[R]) Done() <-chan struct{} { return f.done }

func (f *Future[R]) Result(ctx context.Context) (value R, err error) {
	for _, patient := range []bool{false, true} {
		if patient {
			if ctx.Value(poolKey{}) == f.p && ctx.Err() == nil {
				f.p.lock()
				f.p.permits++
				f.p.schedule()
				f.p.unlock()
				defer func() {
					turn := make(chan struct{})
					f.p.lock()
					f.p.returners = append(f.p.returners, turn)
					f.p.schedule()
					f.p.unlock()
					<-turn
				}()
			}
			select {
			case <-f.done:
			case <-ctx.Done():
				return value, ctx.Err()
			}
		}
		select {
		case <-f.done:
			return f.value, f.err
		default:
		}
	}
	return value, ctx.Err()
}

func (f *Future[R]) Cancel() bool {
	s := <-f.status
	defer func() { f.status <- s }()
	if s == waits {
		s = cancelled
		f.err = ErrCancelled
		close(f.done)
	}
	return s == cancelled
}

func Map[T, R any](ctx context.Context, p *Pool, items []T, f func(ctx context.Context, item T) (R, error)) ([]R, error) {
	if len(items) == 0 {
		return []R{}, nil
	}
	calls, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var first sync.Once
	var failure error
	fail := func(err error) {
		first.Do(func() { failure = err })
		stop(err)
	}
	futures := make([]*Future[R], 0)
	done := make([]bool, len(items))
	for i := range items {
		future, err := Submit(calls, p, func(ctx context.Context) (value R, err error) {
			if err = ctx.Err(); err != nil {
				return
			}
			if value, err = call(ctx, func(ctx context.Context) (R, error) { return f(ctx, items[i]) }); err != nil {
				fail(err)
			} else {
				done[i] = true
			}
			return
		})
		if err != nil {
			fail(err)
			break
		}
		futures = append(futures, future)
	}
	results := make([]R, len(items))
	for i, future := range futures {
		value, err := future.Result(calls)
		if calls.Err() != nil {
			future.Cancel()
			value, err = future.Result(context.WithoutCancel(calls))
		}
		if err != nil && calls.Err() == nil {
			fail(err)
		}
		results[i] = value
	}
	for i := range items {
		if i >= len(futures) || !done[i] {
			fail(calls.Err())
			return nil, failure
		}
	}
	return results, nil
}

// merge yields what comes from either.
func AsCompleted[R any](ctx context.Context, futures ...*Future[R]) iter.Seq[*Future[R]] {
	return func(yield func(*Future[R]) bool) {
		stop := make(chan struct{})
		defer close(stop)
		out := make(chan *Future[R])
		for _, f := range futures {
			go func() {
				select {
				case <-f.done:
				case <-stop:
					return
				}
				select {
				case out <- f:
				case <-stop:
				}
			}()
		}
		for n := len(futures); n > 0; n-- {
			select {
			case f := <-out:
				if !yield(f) {
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}
}

func (p *Pool) Close() {
	p.lock()
	defer p.unlock()
	p.shut = true
	for _, s := range p.putters {
		s.accepted <- ErrClosed
	}
	p.putters = nil
	p.schedule()
}

func (p *Pool) CloseNow() {
	p.Close()
	p.lock()
	defer p.unlock()
	for _, j := range p.waiting {
		j.cancel()
		p.alive--
	}
	p.waiting = nil
	p.in = 0
	p.schedule()
}

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
