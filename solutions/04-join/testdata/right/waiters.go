// Everybody who waits is on a list, and the last member tells them all.
package join

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"
	"time"
)

// All runs the functions at the same time and waits for all of them.
func All(functions ...func()) {
	ends := make(chan *PanicError, len(functions))
	for _, f := range functions {
		go func() {
			defer func() { ends <- caught(recover()) }()
			f()
		}()
	}
	var first *PanicError
	for range functions {
		if p := <-ends; p != nil && first == nil {
			first = p
		}
	}
	if first != nil {
		panic(first)
	}
}

// caught makes an error of what recover has returned. A deferred function calls it.
func caught(value any) *PanicError {
	if value == nil {
		return nil
	}
	return &PanicError{Value: value, Stack: debug.Stack()}
}

// ErrTimeout says that a group has not ended in time.
var ErrTimeout = errors.New("not all have ended in time")

// A Group runs functions and joins them.
type Group struct {
	ctx    context.Context
	cancel context.CancelFunc

	mu      sync.Mutex
	running int
	waiting []chan<- struct{} // each has room for one
	errs    []error           // in the order of time
	panics  []*PanicError
}

// New returns a group without members.
func New(ctx context.Context) *Group {
	ctx, cancel := context.WithCancel(ctx)
	return &Group{ctx: ctx, cancel: cancel}
}

// Go adds a member.
func (g *Group) Go(f func(ctx context.Context) error) {
	g.mu.Lock()
	g.running++
	g.mu.Unlock()
	go g.member(f)
}

func (g *Group) member(f func(ctx context.Context) error) {
	var err error
	defer func() {
		p := caught(recover())
		g.mu.Lock()
		defer g.mu.Unlock()
		if p != nil {
			g.panics = append(g.panics, p)
			g.cancel()
		} else if err != nil {
			g.errs = append(g.errs, err)
			g.cancel()
		}
		if g.running--; g.running == 0 {
			for _, w := range g.waiting {
				w <- struct{}{}
			}
		}
	}()
	err = f(g.ctx)
}

// wait waits for the end, and returns whether it has seen it before the patience was over.
func (g *Group) wait(patience func() <-chan time.Time) bool {
	g.mu.Lock()
	if g.running == 0 {
		g.mu.Unlock()
		return true
	}
	mine := make(chan struct{}, 1)
	g.waiting = append(g.waiting, mine)
	g.mu.Unlock()
	select {
	case <-mine:
		return true
	case <-patience():
		g.mu.Lock()
		defer g.mu.Unlock()
		g.waiting = slices.DeleteFunc(g.waiting, func(w chan<- struct{}) bool { return w == mine })
		return g.running == 0
	}
}

// outcome tells what came of a group that has ended.
func (g *Group) outcome() error {
	g.cancel()
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.panics) > 0 {
		panic(g.panics[0])
	}
	if len(g.errs) > 0 {
		return g.errs[0]
	}
	return nil
}

// Wait waits until all members have ended.
func (g *Group) Wait() error {
	g.wait(func() <-chan time.Time { return nil })
	return g.outcome()
}

// WaitTimeout is Wait with an end to its patience.
func (g *Group) WaitTimeout(d time.Duration) error {
	if d <= 0 {
		g.mu.Lock()
		running := g.running
		g.mu.Unlock()
		if running > 0 {
			return ErrTimeout
		}
		return g.outcome()
	}
	var timer *time.Timer
	seen := g.wait(func() <-chan time.Time {
		timer = time.NewTimer(d)
		return timer.C
	})
	if timer != nil {
		timer.Stop()
	}
	if !seen {
		return ErrTimeout
	}
	return g.outcome()
}

// A PanicError is what All, Wait and WaitTimeout panic with.
type PanicError struct {
	Value any
	Stack []byte
}

// Error returns the value and the stack.
func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v\n\n%s", e.Value, e.Stack) }

// Unwrap returns the value if it is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}
