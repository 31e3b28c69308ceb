// want: race in TestPanicInAll

// The first panic is looked for under the lock, and written after it.
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

// All runs the functions at the same time and returns when all of them have ended.
func All(functions ...func()) {
	var (
		all   sync.WaitGroup
		mu    sync.Mutex
		first *PanicError
	)
	all.Add(len(functions))
	for _, f := range functions {
		go func() {
			defer all.Done()
			defer func() {
				v := recover()
				if v == nil {
					return
				}
				p := &PanicError{Value: v, Stack: debug.Stack()}
				mu.Lock()
				known := first != nil
				mu.Unlock()
				if !known {
					first = p
				}
			}()
			f()
		}()
	}
	all.Wait()
	if first != nil {
		panic(first)
	}
}

// A Group runs functions, its members, each on a goroutine of its own, and joins them.
// Make one with New; do not copy it.
type Group struct {
	ctx    context.Context
	cancel context.CancelFunc

	mu       sync.Mutex
	running  int
	ended    chan struct{} // is closed when running is 0
	err      error         // the first
	panicked *PanicError   // the first
}

// New returns a group without members.
func New(ctx context.Context) *Group {
	g := &Group{ended: make(chan struct{})}
	g.ctx, g.cancel = context.WithCancel(ctx)
	close(g.ended)
	return g
}

// Go adds a member.
func (g *Group) Go(f func(ctx context.Context) error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.running == 0 {
		g.ended = make(chan struct{})
	}
	g.running++
	go g.run(f)
}

func (g *Group) run(f func(ctx context.Context) error) {
	var err error
	defer func() {
		v := recover()
		if v != nil {
			g.fail(nil, &PanicError{Value: v, Stack: debug.Stack()})
		} else if err != nil {
			g.fail(err, nil)
		}
		g.mu.Lock()
		defer g.mu.Unlock()
		g.running--
		if g.running == 0 {
			close(g.ended)
		}
	}()
	err = f(g.ctx)
}

// fail remembers what a member has failed with, and then cancels the others.
func (g *Group) fail(err error, p *PanicError) {
	g.mu.Lock()
	if g.err == nil {
		g.err = err
	}
	if g.panicked == nil {
		g.panicked = p
	}
	g.mu.Unlock()
	g.cancel()
}

// channel returns what is closed when all that run now, and what they add, have ended.
func (g *Group) channel() <-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.ended
}

// result tells how the group has ended.
func (g *Group) result() error {
	g.cancel()
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.panicked != nil {
		panic(g.panicked)
	}
	return g.err
}

// Wait waits until all members have ended.
func (g *Group) Wait() error {
	<-g.channel()
	return g.result()
}

// WaitTimeout waits until all members have ended or d is over.
func (g *Group) WaitTimeout(d time.Duration) error {
	ended := g.channel()
	select {
	case <-ended:
		return g.result()
	default:
	}
	if d <= 0 {
		return ErrTimeout
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ended:
		return g.result()
	case <-timer.C:
	}
	select {
	case <-ended:
		return g.result()
	default:
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
