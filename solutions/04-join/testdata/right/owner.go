// While members run a goroutine has the group, and all others write to it; All is recursive.
package join

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"
)

func All(functions ...func()) {
	if len(functions) == 0 {
		return
	}
	first := make(chan *PanicError, 1)
	go func() {
		var p *PanicError
		defer func() { first <- p }()
		p = call(functions[0])
	}()
	rest := call(func() { All(functions[1:]...) })
	if p := <-first; p != nil {
		panic(p)
	}
	if rest != nil {
		panic(rest.Value)
	}
}

func call(f func()) (p *PanicError) {
	defer func() {
		if value := recover(); value != nil {
			p = &PanicError{Value: value, Stack: debug.Stack()}
		}
	}()
	f()
	return nil
}

var ErrTimeout = errors.New("not all have ended in time")

type Group struct {
	ctx    context.Context
	cancel context.CancelFunc

	mu    sync.Mutex
	owner *owner // nil before the first member
}

type outcome struct {
	err      error
	panicked *PanicError
}

type owner struct {
	begin chan struct{}
	end   chan outcome
	gone  chan struct{}
	all   outcome // when gone
}

func New(ctx context.Context) *Group {
	g := &Group{}
	g.ctx, g.cancel = context.WithCancel(ctx)
	return g
}

func (g *Group) Go(f func(ctx context.Context) error) {
	o := g.begin()
	go func() {
		var end outcome
		defer func() { o.end <- end }()
		end.panicked = call(func() { end.err = f(g.ctx) })
	}()
}

func (g *Group) begin() *owner {
	g.mu.Lock()
	defer g.mu.Unlock()
	if o := g.owner; o != nil {
		select {
		case o.begin <- struct{}{}:
			return o
		case <-o.gone:
		}
	}
	o := &owner{make(chan struct{}), make(chan outcome), make(chan struct{}), outcome{}}
	var before outcome
	if g.owner != nil {
		before = g.owner.all
	}
	go o.run(g, before)
	g.owner = o
	return o
}

func (o *owner) run(g *Group, all outcome) {
	for running := 1; running > 0; {
		select {
		case <-o.begin:
			running++
		case end := <-o.end:
			running--
			if all.err == nil {
				all.err = end.err
			}
			if all.panicked == nil {
				all.panicked = end.panicked
			}
			if end.err != nil || end.panicked != nil {
				g.cancel()
			}
		}
	}
	o.all = all
	close(o.gone)
}

func (g *Group) Wait() error {
	o := g.current()
	if o != nil {
		<-o.gone
	}
	return g.tell(o)
}

func (g *Group) current() *owner {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.owner
}

func (g *Group) tell(o *owner) error {
	g.cancel()
	if o == nil {
		return nil
	}
	if o.all.panicked != nil {
		panic(o.all.panicked)
	}
	return o.all.err
}

func (g *Group) WaitTimeout(d time.Duration) error {
	o := g.current()
	if o == nil {
		return g.tell(o)
	}
	select {
	case <-o.gone:
		return g.tell(o)
	default:
	}
	if d <= 0 {
		return ErrTimeout
	}
	patience, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	select {
	case <-o.gone:
		return g.tell(o)
	case <-patience.Done():
		return ErrTimeout
	}
}

// A PanicError is what All, Wait and WaitTimeout panic with when a function has panicked.
type PanicError struct {
	Value any    // what panic was called with
	Stack []byte // of the goroutine while it panicked, as debug.Stack prints it
}

// Error returns the value and the stack: it is what Go prints if nobody recovers.
func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v\n\n%s", e.Value, e.Stack) }

// Unwrap returns the value if it is an error, so that errors.Is and errors.As find it.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}
