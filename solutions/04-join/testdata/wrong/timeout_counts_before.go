// want: race in TestTimeout

// WaitTimeout waits for the members that there are when it begins.
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
	var wg sync.WaitGroup
	var once sync.Once
	var panicked *PanicError
	for _, f := range functions {
		wg.Add(1)
		go func() {
			defer wg.Done()
			defer func() {
				if value := recover(); value != nil {
					once.Do(func() { panicked = &PanicError{value, debug.Stack()} })
				}
			}()
			f()
		}()
	}
	wg.Wait()
	if panicked != nil {
		panic(panicked)
	}
}

// ErrTimeout says that a group has not ended in time.
var ErrTimeout = errors.New("not all have ended in time")

// A Group runs functions and joins them.
type Group struct {
	ctx    context.Context
	cancel context.CancelFunc

	mu       sync.Mutex
	members  []chan struct{} // closed when each has ended
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
	g.members = append(g.members, end)
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

// some returns the members from the i-th on.
func (g *Group) some(i int) []chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.members[i:]
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
	for i := 0; len(g.some(i)) > 0; i++ {
		<-g.some(i)[0]
	}
	return g.result()
}

// WaitTimeout is Wait with an end to its patience.
func (g *Group) WaitTimeout(d time.Duration) error {
	over := time.NewTimer(d)
	defer over.Stop()
	for _, end := range g.some(0) {
		select {
		case <-end:
			continue
		default:
		}
		select {
		case <-end:
		case <-over.C:
			return ErrTimeout
		}
	}
	return g.result()
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
