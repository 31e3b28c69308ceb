// want: fail in TestPanicReachesWait, fail in TestPanicInAll

// A function that panics with a *PanicError is told with that one, and not with one of its own.
package join

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"
)

// ErrTimeout says that a group has not ended in time.
var ErrTimeout = errors.New("not all have ended in time")

// call calls f and returns the panic with which it has ended, if any, to end; end is also
// called if f ends by runtime.Goexit.
func call(f func(), end func(*PanicError)) {
	defer func() {
		var p *PanicError
		if v := recover(); v != nil {
			var known bool
			if p, known = v.(*PanicError); !known {
				p = &PanicError{v, debug.Stack()}
			}
		}
		end(p)
	}()
	f()
}

// All runs the functions at the same time and returns when all of them have ended.
func All(functions ...func()) {
	ends := make(chan *PanicError, len(functions))
	for _, f := range functions {
		go call(f, func(p *PanicError) { ends <- p })
	}
	var first *PanicError
	for range functions {
		if p := <-ends; first == nil {
			first = p
		}
	}
	if first != nil {
		panic(first)
	}
}

// A Group runs functions, its members, each on a goroutine of its own, and joins them.
// Make one with New; do not copy it.
type Group struct {
	ctx    context.Context
	cancel context.CancelFunc

	mu      sync.Mutex
	changed *sync.Cond // running is 0, or somebody has waited long enough
	running int
	failed  bool
	err     error       // the first
	panic   *PanicError // the first
}

// New returns a group without members.
func New(ctx context.Context) *Group {
	g := &Group{}
	g.ctx, g.cancel = context.WithCancel(ctx)
	g.changed = sync.NewCond(&g.mu)
	return g
}

// Go adds a member.
func (g *Group) Go(f func(ctx context.Context) error) {
	g.mu.Lock()
	g.running++
	g.mu.Unlock()
	var err error
	go call(func() { err = f(g.ctx) }, func(p *PanicError) { g.end(err, p) })
}

// end is called by each member when it has ended.
func (g *Group) end(err error, p *PanicError) {
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
	g.running--
	if g.running == 0 {
		g.changed.Broadcast()
	}
}

// result tells how the group has ended. With g.mu held.
func (g *Group) result() error {
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
	for g.running > 0 {
		g.changed.Wait()
	}
	return g.result()
}

// WaitTimeout waits until all members have ended or d is over.
func (g *Group) WaitTimeout(d time.Duration) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.running > 0 && d > 0 {
		late := false
		timer := time.AfterFunc(d, func() {
			g.mu.Lock()
			defer g.mu.Unlock()
			late = true
			g.changed.Broadcast()
		})
		defer timer.Stop()
		for g.running > 0 && !late {
			g.changed.Wait()
		}
	}
	if g.running > 0 {
		return ErrTimeout
	}
	return g.result()
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
