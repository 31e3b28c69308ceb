// want: fail in TestOutsiders

// A task that waits for one of another pool does not count as running in its own.
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

// A turnstile lets so many in at a time, in the order in which they came; those who come
// back go first.
type turnstile struct {
	mu   sync.Mutex
	free int
	back []chan struct{}
	line []chan struct{}
}

func (t *turnstile) pass() {
	for t.free > 0 && len(t.back)+len(t.line) > 0 {
		t.free--
		if len(t.back) > 0 {
			close(t.back[0])
			t.back = t.back[1:]
		} else {
			close(t.line[0])
			t.line = t.line[1:]
		}
	}
}

func (t *turnstile) leave() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.free++
	t.pass()
}

func (t *turnstile) join(again bool) chan struct{} {
	turn := make(chan struct{})
	t.mu.Lock()
	defer t.mu.Unlock()
	if again {
		t.back = append(t.back, turn)
	} else {
		t.line = append(t.line, turn)
	}
	t.pass()
	return turn
}

type Pool struct {
	turnstile
	places chan struct{}
	closed chan struct{}
	now    chan struct{}
	gate   sync.RWMutex // closing is for writers
	once   sync.Once
	sooner sync.Once
	count  sync.Mutex
	left   int
	empty  chan struct{} // closed when closed and nothing is left
	isOver bool
	waits  map[*func()]func() // what CloseNow calls, by task; guarded by count
}

func New(workers, backlog int) *Pool {
	p := &Pool{
		places: make(chan struct{}, workers+backlog), closed: make(chan struct{}),
		now: make(chan struct{}), empty: make(chan struct{}), waits: map[*func()]func(){},
	}
	p.free = workers
	return p
}

func (p *Pool) add(n int) {
	p.count.Lock()
	defer p.count.Unlock()
	p.left += n
	if p.left == 0 && !p.isOver {
		select {
		case <-p.closed:
			p.isOver = true
			close(p.empty)
		default:
		}
	}
}

func Submit[R any](ctx context.Context, p *Pool, task func(ctx context.Context) (R, error)) (*Future[R], error) {
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	inside := ctx.Value(poolKey{}) == p
	if !inside {
		select {
		case p.places <- struct{}{}:
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-p.closed:
			return nil, ErrClosed
		}
	}
	p.gate.RLock()
	defer p.gate.RUnlock()
	select {
	case <-p.closed:
		return nil, ErrClosed
	default:
	}
	f := &Future[R]{p: p, done: make(chan struct{})}
	p.add(1)
	turn := p.join(false)
	key := new(func())
	p.count.Lock()
	p.waits[key] = func() { f.Cancel() }
	p.count.Unlock()
	go func() {
		<-turn
		f.mu.Lock()
		begins := f.state == 0
		if begins {
			f.state = 1
		}
		f.mu.Unlock()
		p.count.Lock()
		delete(p.waits, key)
		p.count.Unlock()
		if begins {
			value, err := call(context.WithValue(ctx, poolKey{}, p), task)
			f.finish(value, err)
		}
		p.leave()
		if !inside {
			<-p.places
		}
		p.add(-1)
	}()
	return f, nil
}

type Future[R any] struct {
	p     *Pool
	mu    sync.Mutex
	state int // 0 waits, 1 has begun, 2 is done, 3 was cancelled
	done  chan struct{}
	value R
	err   error
	tell  []chan *Future[R]
}

func (f *Future[R]) finish(value R, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.value, f.err = value, err
	f.state = 2
	f.over()
}

func (f *Future[R]) over() {
	close(f.done)
	for _, c := range f.tell {
		c <- f
	}
	f.tell = nil
}

func (f *Future[R]) Done() <-chan struct{} { return f.done }

func (f *Future[R]) Result(ctx context.Context) (none R, err error) {
	select {
	case <-f.done:
		return f.value, f.err
	default:
	}
	if ctx.Err() != nil {
		return none, ctx.Err()
	}
	if p, ok := ctx.Value(poolKey{}).(*Pool); ok { // a task: its worker is free meanwhile
		p.leave()
		defer func() { <-p.join(true) }()
	}
	select {
	case <-f.done:
		return f.value, f.err
	case <-ctx.Done():
		return none, ctx.Err()
	}
}

func (f *Future[R]) Cancel() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.state == 0 {
		f.state = 3
		f.err = ErrCancelled
		f.over()
	}
	return f.state == 3
}

func Map[T, R any](ctx context.Context, p *Pool, items []T, f func(ctx context.Context, item T) (R, error)) ([]R, error) {
	type outcome struct {
		value R
		err   error
	}
	calls, stop := context.WithCancel(ctx)
	defer stop()
	failures := make(chan error, 1)
	fail := func(err error) {
		select {
		case failures <- err:
			stop()
		default:
		}
	}
	var futures []*Future[outcome]
	for _, item := range items {
		future, err := Submit(calls, p, func(ctx context.Context) (o outcome, _ error) {
			if ctx.Err() != nil {
				return outcome{err: ctx.Err()}, nil
			}
			o.value, o.err = call(ctx, func(ctx context.Context) (R, error) { return f(ctx, item) })
			if o.err != nil {
				fail(o.err)
			}
			return o, nil
		})
		if err != nil {
			fail(err)
			break
		}
		futures = append(futures, future)
	}
	results := []R{}
	all := len(futures) == len(items)
	for _, future := range futures {
		o, err := future.Result(calls)
		if calls.Err() != nil { // once more, and patiently
			future.Cancel()
			o, err = future.Result(context.WithoutCancel(ctx))
			if o.err != nil || err != nil {
				fail(calls.Err())
			}
		}
		if err == nil {
			err = o.err
		}
		if err != nil {
			fail(err)
			all = false
		}
		results = append(results, o.value)
	}
	if !all {
		return nil, <-failures
	}
	return results, nil
}

func AsCompleted[R any](ctx context.Context, futures ...*Future[R]) iter.Seq[*Future[R]] {
	return func(yield func(*Future[R]) bool) {
		news := make(chan *Future[R], len(futures))
		defer func() {
			for _, f := range futures {
				f.mu.Lock()
				for i, c := range f.tell {
					if c == news {
						f.tell = append(f.tell[:i:i], f.tell[i+1:]...)
						break
					}
				}
				f.mu.Unlock()
			}
		}()
		for _, f := range futures {
			f.mu.Lock()
			if f.state > 1 {
				news <- f
			} else {
				f.tell = append(f.tell, news)
			}
			f.mu.Unlock()
		}
		for range futures {
			select {
			case f := <-news:
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
	p.once.Do(func() {
		close(p.closed) // those who block let go of nothing
		p.gate.Lock()
		p.gate.Unlock()
		p.add(0)
	})
}

func (p *Pool) CloseNow() {
	p.Close()
	p.count.Lock()
	var all []func()
	for _, cancel := range p.waits {
		all = append(all, cancel)
	}
	p.count.Unlock()
	for _, cancel := range all {
		cancel()
	}
}

func (p *Pool) Shutdown(ctx context.Context) error {
	p.Close()
	select {
	case <-p.empty:
		return nil
	default:
		select {
		case <-p.empty:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
