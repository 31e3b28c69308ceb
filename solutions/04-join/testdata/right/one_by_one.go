// Every member has an end of its own; whoever waits goes through the list.
package join

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"
)

// All runs the functions at the same time and waits for all of them.
func All(functions ...func()) {
	ends := make(chan *PanicError)
	for _, f := range functions {
		go func() {
			var panicked *PanicError
			defer func() { ends <- panicked }()
			defer func() {
				if value := recover(); value != nil {
					panicked = &PanicError{value, debug.Stack()}
				}
			}()
			f()
		}()
	}
	var first *PanicError
	for range functions {
		if panicked := <-ends; first == nil {
			first = panicked
		}
	}
	if first != nil {
		panic(first)
	}
}

// ErrTimeout says that a group has not ended in time.
var ErrTimeout = errors.New("not all have ended in time")

// A Group runs functions and joins them.
type Group struct {
	ctx    context.Context
	cancel context.CancelFunc

	mu       sync.Mutex
	ends     []<-chan struct{} // of each member, in the order in which they were added
	err      error
	panicked *PanicError
}

// New returns a group without members.
func New(ctx context.Context) *Group {
	ctx, cancel := context.WithCancel(ctx)
	return &Group{ctx: ctx, cancel: cancel}
}

// Go adds a member.
func (g *Group) Go(f func(ctx context.Context) error) {
	end := make(chan struct{})
	g.mu.Lock()
	g.ends = append(g.ends, end)
	g.mu.Unlock()
	go func() {
		defer close(end)
		g.run(f)
	}()
}

func (g *Group) run(f func(ctx context.Context) error) {
	defer func() {
		if value := recover(); value != nil {
			g.fail(nil, &PanicError{value, debug.Stack()})
		}
	}()
	if err := f(g.ctx); err != nil {
		g.fail(err, nil)
	}
}

func (g *Group) fail(err error, panicked *PanicError) {
	g.mu.Lock()
	if g.err == nil {
		g.err = err
	}
	if g.panicked == nil {
		g.panicked = panicked
	}
	g.mu.Unlock()
	g.cancel()
}

// end returns the end of the i-th member, if there is one.
func (g *Group) end(i int) (<-chan struct{}, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if i >= len(g.ends) {
		return nil, false
	}
	return g.ends[i], true
}

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
	for i := 0; ; i++ {
		end, ok := g.end(i)
		if !ok {
			break
		}
		<-end // what this member has added stands behind it in the list
	}
	return g.result()
}

// WaitTimeout is Wait with an end to its patience.
func (g *Group) WaitTimeout(d time.Duration) error {
	over := time.After(d)
	for i := 0; ; i++ {
		end, ok := g.end(i)
		if !ok {
			return g.result()
		}
		select {
		case <-end:
			continue
		default:
		}
		select {
		case <-end:
		case <-over:
			return ErrTimeout
		}
	}
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
