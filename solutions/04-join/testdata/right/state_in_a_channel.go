// The state of a group is in a channel of capacity 1: whoever has it may change it.
package join

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"
)

func All(functions ...func()) {
	end := make(chan *PanicError, len(functions))
	for _, f := range functions {
		go run(end, f)
	}
	var first *PanicError
	for range functions {
		if p := <-end; first == nil {
			first = p
		}
	}
	if first != nil {
		panic(first)
	}
}

func run(end chan<- *PanicError, f func()) {
	defer func() {
		if value := recover(); value != nil {
			end <- &PanicError{Value: value, Stack: debug.Stack()}
		} else {
			end <- nil
		}
	}()
	f()
}

var ErrTimeout = errors.New("not all have ended in time")

type Group struct {
	ctx    context.Context
	cancel context.CancelFunc
	state  chan state
}

type state struct {
	running  int
	err      error
	panicked *PanicError
	waiting  []chan state
}

func New(ctx context.Context) *Group {
	g := &Group{state: make(chan state, 1)}
	g.state <- state{}
	g.ctx, g.cancel = context.WithCancel(ctx)
	return g
}

func (g *Group) Go(f func(ctx context.Context) error) {
	s := <-g.state
	s.running++
	g.state <- s
	go func() {
		var err error
		end := make(chan *PanicError, 1)
		defer func() {
			s := <-g.state
			s.running--
			if s.err == nil {
				s.err = err
			}
			p := <-end
			if s.panicked == nil {
				s.panicked = p
			}
			if s.running == 0 {
				for _, w := range s.waiting {
					w <- s
				}
				s.waiting = nil
			}
			g.state <- s
			if err != nil || p != nil {
				g.cancel()
			}
		}()
		run(end, func() { err = f(g.ctx) })
	}()
}

func (g *Group) Wait() error { return g.tell(<-g.end(true)) }

func (g *Group) WaitTimeout(d time.Duration) error {
	end := g.end(d > 0)
	if d <= 0 {
		select {
		case s := <-end:
			return g.tell(s)
		default:
			return ErrTimeout
		}
	}
	select {
	case s := <-end:
		return g.tell(s)
	default:
	}
	select {
	case s := <-end:
		return g.tell(s)
	case <-time.After(d):
		return ErrTimeout
	}
}

// end returns what the state will be sent to at the end.
func (g *Group) end(wait bool) <-chan state {
	end := make(chan state, 1)
	s := <-g.state
	if s.running == 0 {
		end <- s
	} else if wait {
		s.waiting = append(s.waiting, end)
	}
	g.state <- s
	return end
}

func (g *Group) tell(s state) error {
	g.cancel()
	if s.panicked != nil {
		panic(s.panicked)
	}
	return s.err
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
