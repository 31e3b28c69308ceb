// want: leak in TestExit

// If the last member has ended by runtime.Goexit nobody cancels the context.
package join

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"
)

// All runs the functions at the same time and returns when all of them have ended.
//
// A group does it, panics included. What matters is where Wait stands: behind the loop.
// Inside it, each function would be joined before the next one starts.
func All(functions ...func()) {
	g := New(context.Background())
	for _, f := range functions {
		g.Go(func(context.Context) error {
			f()
			return nil
		})
	}
	g.Wait()
}

// ErrTimeout says that a group has not ended in time.
var ErrTimeout = errors.New("not all have ended in time")

// A Group runs functions, its members, each on a goroutine of its own, and joins them.
//
// A sync.WaitGroup could count as well, but it can only be waited for until the end. Who
// wants to give up earlier has to send somebody else to wait, and cannot call them back.
// A channel can be one of several things that a select waits for.
type Group struct {
	ctx    context.Context
	cancel context.CancelFunc

	mu       sync.Mutex
	running  int
	ended    chan struct{} // closed while running is 0
	err      error         // the first
	panicked *PanicError   // the first
	exited   bool          // the last that has ended, by runtime.Goexit
}

// New returns a group without members.
func New(ctx context.Context) *Group {
	g := &Group{ended: make(chan struct{})}
	close(g.ended)
	g.ctx, g.cancel = context.WithCancel(ctx)
	return g
}

// Go adds a member.
//
// It is counted here and not by its own goroutine, which may take its time to begin: a
// Wait that comes sooner would find nobody to wait for. And it is counted down by a
// defer, because a panic or a Goexit would leave out anything else.
func (g *Group) Go(f func(ctx context.Context) error) {
	g.begin()
	go func() {
		exited := true
		defer func() { g.end(exited) }()
		defer func() {
			if value := recover(); value != nil {
				exited = false
				g.fail(nil, &PanicError{Value: value, Stack: debug.Stack()})
			}
		}()
		if err := f(g.ctx); err != nil {
			g.fail(err, nil)
		}
		exited = false
	}()
}

func (g *Group) begin() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.running == 0 {
		g.ended = make(chan struct{})
	}
	g.running++
}

func (g *Group) end(exited bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.running--
	g.exited = exited
	if g.running == 0 {
		close(g.ended)
	}
}

// fail writes down why a member has failed, and only then cancels the others: in the
// other order one of them could be the first to return an error, and it would be the
// error of having been cancelled.
func (g *Group) fail(err error, panicked *PanicError) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.err == nil {
		g.err = err
	}
	if g.panicked == nil {
		g.panicked = panicked
	}
	g.cancel()
}

// endOfAll returns what is closed when all members that there are now have ended.
func (g *Group) endOfAll() <-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.ended
}

// outcome is what there is to tell when all have ended. The context that nobody needs any
// more is cancelled, or its parent would keep it for as long as it lives itself.
func (g *Group) outcome() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.exited {
		g.cancel()
	}
	if g.panicked != nil {
		panic(g.panicked)
	}
	return g.err
}

// Wait waits until all members have ended, and returns the first error or panics.
func (g *Group) Wait() error {
	<-g.endOfAll()
	return g.outcome()
}

// WaitTimeout is Wait with an end to its patience.
//
// It looks before it waits. A select with two cases that are both ready chooses one by
// chance, and a group that has ended long ago would be too late every other time.
func (g *Group) WaitTimeout(d time.Duration) error {
	ended := g.endOfAll()
	select {
	case <-ended:
		return g.outcome()
	default:
	}
	if d <= 0 {
		return ErrTimeout
	}
	patience := time.NewTimer(d)
	defer patience.Stop()
	select {
	case <-ended:
		return g.outcome()
	case <-patience.C:
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
