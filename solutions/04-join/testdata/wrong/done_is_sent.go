// want: deadlock in TestEverybodyWaits, deadlock in TestPanicReachesWait, deadlock in TestTimeoutAtTheEnd, race in TestContext

// The end is a value sent once: of two who wait one gets it.
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
	count    int
	done     chan struct{} // closed when count is back at zero
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
	g.mu.Lock()
	if g.count == 0 {
		g.done = make(chan struct{}, 1)
	}
	g.count++
	g.mu.Unlock()
	go g.run(f)
}

func (g *Group) run(f func(ctx context.Context) error) {
	defer g.leave()
	defer func() {
		if value := recover(); value != nil {
			g.fail(nil, &PanicError{value, debug.Stack()})
		}
	}()
	if err := f(g.ctx); err != nil {
		g.fail(err, nil)
	}
}

func (g *Group) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.count--
	if g.count == 0 {
		g.done <- struct{}{}
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

// ended returns what is closed at the end, nil if that has been already.
func (g *Group) ended() <-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.count == 0 {
		return nil
	}
	return g.done
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
	if ended := g.ended(); ended != nil {
		<-ended
	}
	return g.result()
}

// WaitTimeout is Wait with an end to its patience.
func (g *Group) WaitTimeout(d time.Duration) error {
	ended := g.ended()
	if ended == nil {
		return g.result()
	}
	select {
	case <-ended:
		return g.result()
	case <-time.After(d):
		return ErrTimeout
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
