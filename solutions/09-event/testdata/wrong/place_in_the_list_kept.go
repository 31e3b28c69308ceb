// want: fail in TestWaitContext

// Who gives up leaves an empty place in the list, until the next Set.
package event

import (
	"context"
	"slices"
	"sync"
	"time"
)

// An Event has happened or not.
type Event struct {
	mu      sync.Mutex
	set     bool
	waiters []chan struct{} // one for each who waits
}

// New returns an event that is not set.
func New() *Event { return &Event{} }

// Set sets the event.
func (e *Event) Set() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.set = true
	for _, told := range e.waiters {
		if told != nil {
			told <- struct{}{} // has room for it
		}
	}
	e.waiters = nil
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
}

// Wait blocks until the event is set or ctx ends.
func (e *Event) Wait(ctx context.Context) error {
	e.mu.Lock()
	if e.set {
		e.mu.Unlock()
		return nil
	}
	told := make(chan struct{}, 1)
	e.waiters = append(e.waiters, told)
	e.mu.Unlock()
	select {
	case <-told:
		return nil
	case <-ctx.Done():
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	at := slices.Index(e.waiters, told)
	if at < 0 {
		return nil // Set was here before
	}
	e.waiters[at] = nil
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
	open *Event
	mu   sync.Mutex
	left int
}

// NewLatch returns a latch that opens after n calls of CountDown.
func NewLatch(n int) *Latch {
	l := &Latch{open: New(), left: n}
	if n <= 0 {
		l.open.Set()
	}
	return l
}

// CountDown counts one down.
func (l *Latch) CountDown() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.left--
	if l.left == 0 {
		l.open.Set()
	}
}

// Wait blocks until the latch is open or ctx ends.
func (l *Latch) Wait(ctx context.Context) error { return l.open.Wait(ctx) }

// A Light is a traffic light before a crossing. Green is a channel that is closed as long
// as the light is green; empty is one that the last car closes.
type Light struct {
	mu    sync.Mutex
	green chan struct{}
	isRed bool
	cars  int
	empty chan struct{} // nil if nobody waits for it
}

// NewLight returns a light that is red.
func NewLight() *Light { return &Light{green: make(chan struct{}), isRed: true} }

// Green turns the light green.
func (l *Light) Green() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.isRed {
		l.isRed = false
		close(l.green)
	}
}

// Red turns the light red and waits for the crossing to be empty.
func (l *Light) Red(ctx context.Context) error {
	l.mu.Lock()
	if !l.isRed {
		l.isRed = true
		l.green = make(chan struct{})
	}
	if l.cars == 0 {
		l.mu.Unlock()
		return nil
	}
	if l.empty == nil {
		l.empty = make(chan struct{})
	}
	empty := l.empty
	l.mu.Unlock()
	select {
	case <-empty:
		return nil
	case <-ctx.Done():
	}
	select {
	case <-empty:
		return nil
	default:
		return ctx.Err()
	}
}

// Cross gets a car over the crossing.
func (l *Light) Cross(ctx context.Context, drive func()) error {
	l.mu.Lock()
	for l.isRed {
		green := l.green
		l.mu.Unlock()
		select {
		case <-green:
		case <-ctx.Done():
			return ctx.Err()
		}
		l.mu.Lock()
	}
	l.cars++
	l.mu.Unlock()
	defer l.leave()
	drive()
	return nil
}

func (l *Light) leave() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cars--
	if l.cars == 0 && l.empty != nil {
		close(l.empty)
		l.empty = nil
	}
}
