// want: fail in TestContext

// Only Wait ends the context when the group has ended, a WaitTimeout does not.
package join

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"
)

// ErrTimeout says that a group has not ended in time.
var ErrTimeout = errors.New("not all have ended in time")

// All runs the functions at the same time.
func All(functions ...func()) {
	var wg sync.WaitGroup
	var first atomic.Pointer[PanicError]
	for _, f := range functions {
		wg.Go(func() {
			if p := guard(f); p != nil {
				first.CompareAndSwap(nil, p)
			}
		})
	}
	wg.Wait()
	if p := first.Load(); p != nil {
		panic(p)
	}
}

// A Group runs functions, its members.
type Group struct {
	ctx    context.Context
	cancel context.CancelFunc
	mu     sync.Mutex
	change *sync.Cond
	n      int
	err    error
	panic  *PanicError
}

// New returns a group without members.
func New(ctx context.Context) *Group {
	g := new(Group)
	g.ctx, g.cancel = context.WithCancel(ctx)
	g.change = sync.NewCond(&g.mu)
	return g
}

// Go adds a member.
func (g *Group) Go(f func(ctx context.Context) error) {
	g.mu.Lock()
	g.n++
	g.mu.Unlock()
	go func() {
		var err error
		var p *PanicError
		defer func() {
			g.mu.Lock()
			defer g.mu.Unlock()
			if g.err == nil {
				g.err = err
			}
			if g.panic == nil {
				g.panic = p
			}
			if err != nil || p != nil {
				g.cancel()
			}
			g.n--
			g.change.Broadcast()
		}()
		p = guard(func() { err = f(g.ctx) })
	}()
}

func (g *Group) outcome() error {
	g.cancel()
	if g.panic != nil {
		panic(g.panic)
	}
	return g.err
}

// Wait waits until all members have ended.
func (g *Group) Wait() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	for g.n > 0 {
		g.change.Wait()
	}
	return g.outcome()
}

// WaitTimeout is Wait with an end to its patience.
func (g *Group) WaitTimeout(d time.Duration) error {
	over := d <= 0
	if !over {
		defer time.AfterFunc(d, func() {
			g.mu.Lock()
			over = true
			g.mu.Unlock()
			g.change.Broadcast()
		}).Stop()
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for g.n > 0 && !over {
		g.change.Wait()
	}
	if g.n > 0 {
		return ErrTimeout
	}
	if g.panic != nil {
		panic(g.panic)
	}
	return g.err
}

// guard calls f and returns its panic, if it was one.
func guard(f func()) (p *PanicError) {
	defer func() {
		if v := recover(); v != nil {
			p = &PanicError{v, debug.Stack()}
		}
	}()
	f()
	return nil
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
