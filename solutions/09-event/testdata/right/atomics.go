// No locks and no conditions: an event points to its round, a latch is a number and a light is one word, all changed by compare-and-swap.
package event

import (
	"context"
	"sync/atomic"
	"time"
)

// A round is the time from one Clear to the next Set, or from one Set to the next Clear.
type round struct {
	told chan struct{} // closed at the end of a round that is not set
	set  bool
}

// An Event points to its round.
type Event struct{ now atomic.Pointer[round] }

// New returns an event that is not set.
func New() *Event {
	e := &Event{}
	e.now.Store(&round{told: make(chan struct{})})
	return e
}

// Set sets the event.
func (e *Event) Set() {
	for {
		r := e.now.Load()
		if r.set {
			return
		}
		if e.now.CompareAndSwap(r, &round{set: true}) {
			close(r.told)
			return
		}
	}
}

// IsSet reports whether the event is set.
func (e *Event) IsSet() bool { return e.now.Load().set }

// Clear makes the event one that is not set.
func (e *Event) Clear() {
	if r := e.now.Load(); r.set {
		e.now.CompareAndSwap(r, &round{told: make(chan struct{})}) // or another Clear has done it
	}
}

// Wait blocks until the event is set or ctx ends.
func (e *Event) Wait(ctx context.Context) error {
	r := e.now.Load()
	if r.set {
		return nil
	}
	select {
	case <-r.told:
		return nil
	case <-ctx.Done():
		if e.now.Load() != r {
			return nil // only Set ends a round that is not set
		}
		return ctx.Err()
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

// CountDown counts one down, but not below zero.
func (l *Latch) CountDown() {
	for {
		n := l.left.Load()
		if n <= 0 {
			return
		}
		if l.left.CompareAndSwap(n, n-1) {
			if n == 1 {
				l.open.Set()
			}
			return
		}
	}
}

// Wait blocks until the latch is open.
func (l *Latch) Wait(ctx context.Context) error {
	if l.left.Load() <= 0 {
		return nil
	}
	err := l.open.Wait(ctx)
	if l.left.Load() <= 0 {
		return nil
	}
	return err
}

// A Light is a word, and two events that tell when to look at it again.
type Light struct {
	state        atomic.Int64 // 1 if it is green, and 2 for each car on the crossing
	green, empty *Event
}

// NewLight returns a light that is red.
func NewLight() *Light { return &Light{green: New(), empty: New()} }

// Green turns the light green.
func (l *Light) Green() {
	l.state.Or(1)
	l.green.Set()
}

// Red turns the light red and waits for the crossing to be empty. It looks again after
// each wait: a car of the green before may have told only now that it was the last.
func (l *Light) Red(ctx context.Context) error {
	l.green.Clear()
	l.state.And(^1)
	for {
		l.empty.Clear()
		if l.state.Load() == 0 {
			return nil
		}
		if err := l.empty.Wait(ctx); err != nil {
			if l.state.Load() == 0 {
				return nil
			}
			return err
		}
	}
}

// Cross gets a car over the crossing.
func (l *Light) Cross(ctx context.Context, drive func()) error {
	for {
		s := l.state.Load()
		if s&1 == 1 {
			if l.state.CompareAndSwap(s, s+2) {
				break
			}
			continue
		}
		if err := l.green.Wait(ctx); err != nil {
			return err
		}
	}
	defer func() {
		if l.state.Add(-2) == 0 {
			l.empty.Set()
		}
	}()
	drive()
	return nil
}
