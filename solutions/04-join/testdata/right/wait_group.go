// A WaitGroup after all, and one goroutine for the group that waits for it.
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

	members sync.WaitGroup
	running atomic.Int64 // zero a moment before the goroutine below can say so
	watch   sync.Once
	ended   chan struct{} // closed by the one goroutine that waits for all who have a time-out

	failed atomic.Pointer[error]
	first  atomic.Pointer[PanicError]
}

// New returns a group without members.
func New(ctx context.Context) *Group {
	ctx, cancel := context.WithCancel(ctx)
	return &Group{ctx: ctx, cancel: cancel, ended: make(chan struct{})}
}

// Go adds a member.
func (g *Group) Go(f func(ctx context.Context) error) {
	g.running.Add(1)
	g.members.Add(1)
	go g.run(f)
}

func (g *Group) run(f func(ctx context.Context) error) {
	defer g.members.Done()
	defer g.running.Add(-1)
	defer func() {
		if value := recover(); value != nil {
			g.first.CompareAndSwap(nil, &PanicError{value, debug.Stack()})
			g.cancel()
		}
	}()
	if err := f(g.ctx); err != nil {
		g.failed.CompareAndSwap(nil, &err)
		g.cancel()
	}
}

func (g *Group) result() error {
	g.cancel()
	if panicked := g.first.Load(); panicked != nil {
		panic(panicked)
	}
	if err := g.failed.Load(); err != nil {
		return *err
	}
	return nil
}

// Wait waits until all members have ended.
func (g *Group) Wait() error {
	g.members.Wait()
	return g.result()
}

// WaitTimeout is Wait with an end to its patience.
func (g *Group) WaitTimeout(d time.Duration) error {
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
		if g.running.Load() > 0 {
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
