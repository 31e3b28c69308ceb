// want: fail in TestShutdown

// A worker passes over a task that is being cancelled, whose future may be done after Shutdown.
package pool

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
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
		if !ok { // then value is still the zero value
			err = &PanicError{recover(), debug.Stack()}
		}
	}()
	value, err = f(ctx)
	ok = true
	return
}

// closed is what those get who ask late.
var closed = func() chan struct{} { c := make(chan struct{}); close(c); return c }()

// signal is a channel that is closed and replaced at each change.
type signal struct{ p atomic.Pointer[chan struct{}] }

func (s *signal) next() <-chan struct{} {
	for {
		if c := s.p.Load(); c != nil {
			return *c
		}
		c := make(chan struct{})
		s.p.CompareAndSwap(nil, &c)
	}
}

func (s *signal) send() {
	if c := s.p.Swap(nil); c != nil {
		close(*c)
	}
}

type thing interface {
	begin() bool
	run()
	Cancel() bool
}

type Pool struct {
	changed signal
	tasks   atomic.Pointer[book]
}

// A book is immutable.
type book struct {
	queue  []thing // not changed in place
	guests int     // accepted from outside, and not over
	all    int     // accepted, and not over
	limit  int
	closed bool
}

func (p *Pool) update(f func(b *book) bool) (*book, bool) {
	for {
		old := p.tasks.Load()
		b := *old
		if !f(&b) {
			return old, false
		}
		if p.tasks.CompareAndSwap(old, &b) {
			p.changed.send()
			return &b, true
		}
	}
}

func New(workers, backlog int) *Pool {
	p := &Pool{}
	p.tasks.Store(&book{limit: workers + backlog})
	for range workers {
		go func() {
			for p.work() {
			}
		}()
	}
	return p
}

type guest struct {
	thing
	guest bool
}

func (p *Pool) work() bool {
	for {
		later := p.changed.next()
		var next thing
		b, ok := p.update(func(b *book) bool {
			if len(b.queue) == 0 {
				return false
			}
			next = b.queue[0]
			b.queue = b.queue[1:]
			return true
		})
		if ok {
			if next.begin() {
				next.run()
			}
			p.finished(next)
			return true
		}
		if b.closed {
			return false
		}
		<-later
	}
}

func (p *Pool) finished(t thing) {
	p.update(func(b *book) bool {
		b.all--
		if g, ok := t.(guest); ok && g.guest {
			b.guests--
		}
		return true
	})
}

func Submit[R any](ctx context.Context, p *Pool, task func(ctx context.Context) (R, error)) (*Future[R], error) {
	inside := ctx.Value(poolKey{}) == p
	f := &Future[R]{pool: p}
	f.task = func() (R, error) { return call(context.WithValue(ctx, poolKey{}, p), task) }
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		later := p.changed.next()
		b, ok := p.update(func(b *book) bool {
			if b.closed || !inside && b.guests >= b.limit {
				return false
			}
			b.queue = append(slices.Clip(b.queue), guest{f, !inside})
			b.all++
			if !inside {
				b.guests++
			}
			return true
		})
		if ok {
			return f, nil
		}
		if b.closed {
			return nil, ErrClosed
		}
		select {
		case <-later:
		case <-ctx.Done():
		}
	}
}

type outcome[R any] struct {
	value R
	err   error
	over  bool
	word  string
}

type Future[R any] struct {
	pool    *Pool
	task    func() (R, error)
	state   atomic.Pointer[outcome[R]] // nil: waits
	changed atomic.Pointer[chan struct{}]
	telling sync.Once
}

func (f *Future[R]) begin() bool { return f.state.CompareAndSwap(nil, &outcome[R]{word: "begun"}) }

func (f *Future[R]) run() {
	value, err := f.task()
	f.state.Store(&outcome[R]{value, err, true, "ended"})
	f.tell()
}

func (f *Future[R]) tell() {
	if !f.changed.CompareAndSwap(nil, &closed) {
		if c := *f.changed.Load(); c != closed {
			close(c)
		}
	}
}

func (f *Future[R]) Cancel() bool {
	if f.state.CompareAndSwap(nil, &outcome[R]{err: ErrCancelled, over: true, word: "cancelled"}) {
		f.tell()
		return true
	}
	return f.state.Load().word == "cancelled"
}

func (f *Future[R]) Done() <-chan struct{} {
	if c := f.changed.Load(); c != nil {
		return *c
	}
	c := make(chan struct{})
	if f.changed.CompareAndSwap(nil, &c) {
		return c
	}
	return *f.changed.Load()
}

func (f *Future[R]) Result(ctx context.Context) (R, error) {
	if ctx.Value(poolKey{}) == f.pool && ctx.Err() == nil && f.begin() {
		f.run()
	}
	done := f.Done()
	select {
	case <-done:
		o := f.state.Load()
		return o.value, o.err
	default:
	}
	select {
	case <-done:
		o := f.state.Load()
		return o.value, o.err
	case <-ctx.Done():
		var none R
		return none, ctx.Err()
	}
}

func Map[T, R any](ctx context.Context, p *Pool, items []T, f func(ctx context.Context, item T) (R, error)) (results []R, err error) {
	inner, stop := context.WithCancel(ctx)
	defer stop()
	var first atomic.Pointer[error]
	fail := func(err error) {
		first.CompareAndSwap(nil, &err)
		stop()
	}
	good := 0
	var futures []*Future[R]
	defer func() {
		if good < len(items) {
			results, err = nil, *first.Load()
		}
	}()
	for _, item := range items {
		future, err := Submit(inner, p, func(ctx context.Context) (none R, err error) {
			if err := ctx.Err(); err != nil {
				fail(err)
				return none, err
			}
			value, err := call(ctx, func(ctx context.Context) (R, error) { return f(ctx, item) })
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
	for _, future := range futures {
		value, err := future.Result(inner)
		if inner.Err() != nil {
			if future.Cancel() {
				fail(inner.Err())
			}
			value, err = future.Result(context.WithoutCancel(ctx))
		}
		if err == nil {
			good++
		} else {
			fail(err)
		}
		results = append(results, value)
	}
	return results, nil
}

func AsCompleted[R any](ctx context.Context, futures ...*Future[R]) iter.Seq[*Future[R]] {
	return func(yield func(*Future[R]) bool) {
		left := slices.Clone(futures)
		wake := make(chan struct{}, 1)
		over, stop := context.WithCancel(ctx)
		var all sync.WaitGroup
		defer all.Wait()
		defer stop()
		for _, f := range left {
			all.Go(func() {
				select {
				case <-f.Done():
					select {
					case wake <- struct{}{}:
					default:
					}
				case <-over.Done():
				}
			})
		}
		for len(left) > 0 && ctx.Err() == nil {
			i := slices.IndexFunc(left, func(f *Future[R]) bool {
				o := f.state.Load()
				return o != nil && o.over && isClosed(f.Done())
			})
			if i >= 0 {
				f := left[i]
				left = slices.Delete(left, i, i+1)
				if !yield(f) {
					return
				}
				continue
			}
			select {
			case <-wake:
			case <-ctx.Done():
			}
		}
	}
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

func (p *Pool) Close() {
	p.update(func(b *book) bool {
		b.closed = true
		return true
	})
}

func (p *Pool) CloseNow() {
	var all []thing
	p.update(func(b *book) bool {
		b.closed = true
		all = b.queue
		b.queue = nil
		return true
	})
	for _, t := range all {
		if !t.Cancel() {
			// a task runs it that waited for it
		}
		p.finished(t)
	}
}

func (p *Pool) Shutdown(ctx context.Context) error {
	p.Close()
	for {
		later := p.changed.next()
		if p.tasks.Load().all == 0 {
			return nil
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		select {
		case <-later:
		case <-ctx.Done():
		}
	}
}
