// want: fail in TestSetBeforeTheEnd, fail in TestWaitTimeout

// Clear is counted as a change as well as Set: who gives up after one believes that he was told.
package event

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// An Event has happened or not.
type Event struct {
	mu   sync.Mutex
	cond *sync.Cond
	set  bool
	sets int // how often it has been set
}

// New returns an event that is not set.
func New() *Event {
	e := &Event{}
	e.cond = sync.NewCond(&e.mu)
	return e
}

// Set sets the event.
func (e *Event) Set() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.set {
		e.set = true
		e.sets++
		e.cond.Broadcast()
	}
}

// IsSet reports whether the event is set.
func (e *Event) IsSet() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.set
}

// Clear makes the event one that is not set.
func (e *Event) Clear() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.set = false
	e.sets++
}

// Wait blocks until the event is set or ctx ends.
func (e *Event) Wait(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.cond.Broadcast()
	})
	defer stop()
	e.mu.Lock()
	defer e.mu.Unlock()
	before := e.sets
	for !e.set && e.sets == before && ctx.Err() == nil {
		e.cond.Wait()
	}
	if e.set || e.sets > before {
		return nil
	}
	return ctx.Err()
}

// WaitTimeout is Wait with a time-out.
func (e *Event) WaitTimeout(d time.Duration) bool {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	return e.Wait(ctx) == nil
}

// A Latch opens when it has been counted down to zero.
type Latch struct {
	left atomic.Int64
	open *Event
}

// NewLatch returns a latch that opens after n calls of CountDown.
func NewLatch(n int) *Latch {
	l := &Latch{open: New()}
	l.left.Store(int64(n))
	if n <= 0 {
		l.open.Set()
	}
	return l
}

// CountDown counts one down; the answer of Add tells who was the last.
func (l *Latch) CountDown() {
	if l.left.Add(-1) == 0 {
		l.open.Set()
	}
}

// Wait blocks until the latch is open or ctx ends.
func (l *Latch) Wait(ctx context.Context) error { return l.open.Wait(ctx) }

// A Light is a traffic light before a crossing.
type Light struct {
	mu      sync.Mutex
	changed *sync.Cond // another colour, an empty crossing, or the end of a context
	green   bool
	cars    int
}

// NewLight returns a light that is red.
func NewLight() *Light {
	l := &Light{}
	l.changed = sync.NewCond(&l.mu)
	return l
}

// Green turns the light green.
func (l *Light) Green() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.green = true
	l.changed.Broadcast()
}

// Red turns the light red and waits for the crossing to be empty.
func (l *Light) Red(ctx context.Context) error {
	defer l.wakeAtEnd(ctx)()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.green = false
	for l.cars > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		l.changed.Wait()
	}
	return nil
}

// Cross gets a car over the crossing.
func (l *Light) Cross(ctx context.Context, drive func()) error {
	if err := l.enter(ctx); err != nil {
		return err
	}
	defer l.leave()
	drive()
	return nil
}

func (l *Light) enter(ctx context.Context) error {
	defer l.wakeAtEnd(ctx)()
	l.mu.Lock()
	defer l.mu.Unlock()
	for !l.green {
		if err := ctx.Err(); err != nil {
			return err
		}
		l.changed.Wait()
	}
	l.cars++
	return nil
}

func (l *Light) leave() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cars--; l.cars == 0 {
		l.changed.Broadcast()
	}
}

// wakeAtEnd wakes everybody when ctx ends, until the function it returns is called.
func (l *Light) wakeAtEnd(ctx context.Context) (stop func() bool) {
	return context.AfterFunc(ctx, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.changed.Broadcast()
	})
}
