// want: fail in TestTimeout

// When the time is over it returns the error of a member that has failed, though another one still runs.
package join

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"
)

// ErrTimeout says that a group has not ended in time.
var ErrTimeout = errors.New("not all have ended in time")

// caught returns what is to be told of a panic with v; nil if there was none.
func caught(v any) *PanicError {
	if v == nil {
		return nil
	}
	return &PanicError{Value: v, Stack: debug.Stack()}
}

// All runs the functions at the same time and returns when all of them have ended. Each
// takes the list of panics, adds its own and puts it back, before it says that it has ended.
func All(functions ...func()) {
	panics := make(chan []*PanicError, 1)
	panics <- nil
	ended := make(chan struct{})
	for _, f := range functions {
		go func() {
			defer func() {
				if p := caught(recover()); p != nil {
					panics <- append(<-panics, p)
				}
				ended <- struct{}{}
			}()
			f()
		}()
	}
	for range functions {
		<-ended
	}
	if list := <-panics; len(list) > 0 {
		panic(list[0])
	}
}

// A Group runs functions, its members, each on a goroutine of its own, and joins them.
// Make one with New; do not copy it.
type Group struct {
	ctx    context.Context
	cancel context.CancelFunc
	books  chan books // there is one value in it: who has taken it out may change it
}

type books struct {
	running int
	waiting map[chan struct{}]bool // each is closed when running becomes 0
	errs    []error                // in the order of time
	panics  []*PanicError          // in the order of time
}

// New returns a group without members.
func New(ctx context.Context) *Group {
	g := &Group{books: make(chan books, 1)}
	g.ctx, g.cancel = context.WithCancel(ctx)
	g.books <- books{waiting: make(map[chan struct{}]bool)}
	return g
}

// Go adds a member.
func (g *Group) Go(f func(ctx context.Context) error) {
	b := <-g.books
	b.running++
	g.books <- b
	go func() {
		var err error
		defer func() { g.leave(err, caught(recover())) }()
		err = f(g.ctx)
	}()
}

// leave is what a member does last.
func (g *Group) leave(err error, p *PanicError) {
	b := <-g.books
	if p != nil {
		b.panics = append(b.panics, p)
	}
	if err != nil {
		b.errs = append(b.errs, err)
	}
	if p != nil || err != nil {
		g.cancel()
	}
	b.running--
	if b.running == 0 {
		for w := range b.waiting {
			close(w)
		}
		clear(b.waiting)
	}
	g.books <- b
}

// await waits for the end of the group, or for late, and tells which it was.
func (g *Group) await(late <-chan time.Time) (ended bool) {
	b := <-g.books
	if b.running == 0 {
		g.books <- b
		return true
	}
	me := make(chan struct{})
	b.waiting[me] = true
	g.books <- b
	select {
	case <-me:
		return true
	case <-late:
	}
	b = <-g.books
	delete(b.waiting, me)
	ended = b.running == 0
	g.books <- b
	return ended
}

// result tells how the group has ended.
func (g *Group) result() error {
	g.cancel()
	b := <-g.books
	g.books <- b
	if len(b.panics) > 0 {
		panic(b.panics[0])
	}
	if len(b.errs) > 0 {
		return b.errs[0]
	}
	return nil
}

// Wait waits until all members have ended.
func (g *Group) Wait() error {
	g.await(nil)
	return g.result()
}

// WaitTimeout waits until all members have ended or d is over.
func (g *Group) WaitTimeout(d time.Duration) error {
	if d <= 0 {
		b := <-g.books
		g.books <- b
		if b.running > 0 {
			return ErrTimeout
		}
		return g.result()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	if !g.await(timer.C) {
		b := <-g.books
		g.books <- b
		if len(b.errs) > 0 {
			return b.errs[0]
		}
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
