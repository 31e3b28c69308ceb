// Nobody is woken: those who wait take the lock and look, again and again, how often the event has changed.
package event

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// An Event counts its Sets and Clears: it is set if the number is odd.
type Event struct {
	mu      sync.Mutex
	changes int
}

// New returns an event that is not set.
func New() *Event { return &Event{} }

// Set sets the event.
func (e *Event) Set() { e.change(0) }

// IsSet reports whether the event is set.
func (e *Event) IsSet() bool { return e.look()%2 == 1 }

// Clear makes the event one that is not set.
func (e *Event) Clear() { e.change(1) }

// change makes the number one more if its remainder by 2 is the one given.
func (e *Event) change(from int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.changes%2 == from {
		e.changes++
	}
}

func (e *Event) look() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.changes
}

// Wait blocks until the event is set or ctx ends.
func (e *Event) Wait(ctx context.Context) error {
	before := e.look()
	if before%2 == 1 {
		return nil
	}
	for {
		err := ctx.Err() // before the look at the number: a Set that comes before the end counts
		if e.look() > before {
			return nil
		}
		if err != nil {
			return err
		}
		runtime.Gosched()
	}
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
	green, empty *Event
	mu           sync.Mutex
	cars         int
}

// NewLight returns a light that is red.
func NewLight() *Light {
	l := &Light{green: New(), empty: New()}
	l.empty.Set()
	return l
}

// Green turns the light green.
func (l *Light) Green() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.green.Set()
}

// Red turns the light red and waits for the crossing to be empty.
func (l *Light) Red(ctx context.Context) error {
	l.mu.Lock()
	l.green.Clear()
	l.mu.Unlock()
	return l.empty.Wait(ctx)
}

// Cross gets a car over the crossing.
func (l *Light) Cross(ctx context.Context, drive func()) error {
	for !l.enter() {
		if err := l.green.Wait(ctx); err != nil {
			return err
		}
	}
	defer l.leave()
	drive()
	return nil
}

func (l *Light) enter() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.green.IsSet() {
		return false
	}
	l.cars++
	l.empty.Clear()
	return true
}

func (l *Light) leave() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cars--
	if l.cars == 0 {
		l.empty.Set()
	}
}
