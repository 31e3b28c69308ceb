// want: fail in TestExit

// The last function runs on the caller's goroutine, and takes that with it when it calls runtime.Goexit.
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

// All runs the functions at the same time and returns when all of them have ended.
func All(functions ...func()) {
	if len(functions) == 0 {
		return
	}
	var first atomic.Pointer[PanicError]
	var running atomic.Int64
	running.Store(int64(len(functions)))
	ended := make(chan struct{})
	run := func(f func()) {
		defer func() {
			if v := recover(); v != nil {
				first.CompareAndSwap(nil, &PanicError{Value: v, Stack: debug.Stack()})
			}
			if running.Add(-1) == 0 {
				close(ended)
			}
		}()
		f()
	}
	last := len(functions) - 1
	for _, f := range functions[:last] {
		go run(f)
	}
	run(functions[last])
	<-ended
	if p := first.Load(); p != nil {
		panic(p)
	}
}

// A Group runs functions, its members, each on a goroutine of its own, and joins them.
// Make one with New; do not copy it.
type Group struct {
	ctx    context.Context
	cancel context.CancelFunc

	members sync.WaitGroup
	running atomic.Int64 // as many as members counts, to look at

	err      atomic.Pointer[error]      // the first
	panicked atomic.Pointer[PanicError] // the first

	watch sync.Once     // starts the only goroutine that waits for members with time-outs
	ended chan struct{} // is closed by it
}

// New returns a group without members.
func New(ctx context.Context) *Group {
	g := &Group{ended: make(chan struct{})}
	g.ctx, g.cancel = context.WithCancel(ctx)
	return g
}

// Go adds a member.
func (g *Group) Go(f func(ctx context.Context) error) {
	g.running.Add(1)
	g.members.Add(1)
	go func() {
		defer g.members.Done()
		defer g.running.Add(-1)
		defer func() {
			if v := recover(); v != nil {
				g.panicked.CompareAndSwap(nil, &PanicError{Value: v, Stack: debug.Stack()})
				g.cancel()
			}
		}()
		if err := f(g.ctx); err != nil {
			g.err.CompareAndSwap(nil, &err)
			g.cancel()
		}
	}()
}

// Wait waits until all members have ended.
func (g *Group) Wait() error {
	g.members.Wait()
	g.cancel()
	if p := g.panicked.Load(); p != nil {
		panic(p)
	}
	if err := g.err.Load(); err != nil {
		return *err
	}
	return nil
}

// WaitTimeout waits until all members have ended or d is over.
func (g *Group) WaitTimeout(d time.Duration) error {
	if g.running.Load() > 0 && d > 0 {
		g.watch.Do(func() {
			go func() {
				g.members.Wait()
				close(g.ended)
			}()
		})
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-g.ended:
		case <-timer.C:
		}
	}
	if g.running.Load() > 0 {
		return ErrTimeout
	}
	return g.Wait()
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
