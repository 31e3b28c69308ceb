// want: fail in TestSetBeforeTheEnd, fail in TestLatchGivesUp

// Who waits takes a baton and puts it back: another one, who looks for it after the end of ctx, may do so in between.
package event

import (
	"context"
	"sync/atomic"
	"time"
)

// An Event has happened or not: it is set or it is not.
type Event struct {
	slot chan *round // who has taken the round out has the event for himself
}

// A round lasts until a Clear that takes back a Set.
type round struct {
	set   bool          // for whoever has the event for himself
	baton chan struct{} // one slot; who takes the baton puts it back for the next one
}

func newRound() *round { return &round{baton: make(chan struct{}, 1)} }

// New returns an event that is not set.
func New() *Event {
	e := &Event{slot: make(chan *round, 1)}
	e.slot <- newRound()
	return e
}

// Set sets the event.
func (e *Event) Set() {
	r := <-e.slot
	if !r.set {
		r.set = true
		r.baton <- struct{}{}
	}
	e.slot <- r
}

// look returns the round of now, and whether it is set.
func (e *Event) look() (*round, bool) {
	r := <-e.slot
	set := r.set
	e.slot <- r
	return r, set
}

// IsSet reports whether the event is set.
func (e *Event) IsSet() bool {
	_, set := e.look()
	return set
}

// Clear makes the event one that is not set.
func (e *Event) Clear() {
	r := <-e.slot
	if r.set {
		r = newRound()
	}
	e.slot <- r
}

// Wait blocks until the event is set or ctx ends.
func (e *Event) Wait(ctx context.Context) error {
	r, set := e.look()
	if set {
		return nil
	}
	select {
	case <-r.baton:
		r.baton <- struct{}{}
		return nil
	case <-ctx.Done():
	}
	select {
	case <-r.baton:
		r.baton <- struct{}{}
		return nil
	default:
		return ctx.Err()
	}
}

// WaitTimeout blocks until the event is set, or until d has passed.
func (e *Event) WaitTimeout(d time.Duration) bool {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	return e.Wait(ctx) == nil
}

// A Latch is closed until it has been counted down to zero.
type Latch struct {
	missing atomic.Pointer[missing] // nil if it is open
	open    *Event
}

// missing is never changed.
type missing struct{ calls int }

func (m *missing) less() *missing {
	if m.calls == 1 {
		return nil
	}
	return &missing{m.calls - 1}
}

// NewLatch returns a latch that opens after n calls of CountDown.
func NewLatch(n int) *Latch {
	l := &Latch{open: New()}
	if n <= 0 {
		l.open.Set()
		return l
	}
	l.missing.Store(&missing{n})
	return l
}

// CountDown counts one down.
func (l *Latch) CountDown() {
	before := l.missing.Load()
	if before == nil {
		return
	}
	after := before.less()
	if !l.missing.CompareAndSwap(before, after) {
		l.CountDown() // somebody else was faster
		return
	}
	if after == nil {
		l.open.Set()
	}
}

// Wait blocks until the latch is open or ctx ends.
func (l *Latch) Wait(ctx context.Context) error {
	return l.open.Wait(ctx)
}

// A Light is a traffic light before a crossing.
type Light struct {
	slot chan crossing // who has taken the crossing out has it for himself
}

type crossing struct {
	green bool
	turns chan struct{} // closed when it turns green
	cars  int
	empty chan struct{} // closed when the last of the cars has left
}

// NewLight returns a light that is red; nobody is on the crossing.
func NewLight() *Light {
	l := &Light{slot: make(chan crossing, 1)}
	empty := make(chan struct{})
	close(empty)
	l.slot <- crossing{turns: make(chan struct{}), empty: empty}
	return l
}

// Green turns the light green.
func (l *Light) Green() {
	c := <-l.slot
	if !c.green {
		c.green = true
		close(c.turns)
	}
	l.slot <- c
}

// Red turns the light red, and waits until the crossing is empty or ctx ends.
func (l *Light) Red(ctx context.Context) error {
	c := <-l.slot
	if c.green {
		c.green = false
		c.turns = make(chan struct{})
	}
	l.slot <- c

	select {
	case <-c.empty:
		return nil
	case <-ctx.Done():
	}
	select {
	case <-c.empty:
		return nil
	default:
		return ctx.Err()
	}
}

// Cross gets a car on the crossing while the light is green.
func (l *Light) Cross(ctx context.Context, drive func()) error {
	c := <-l.slot
	if c.green {
		if c.cars == 0 {
			c.empty = make(chan struct{})
		}
		c.cars++
		l.slot <- c
		defer l.leave()
		drive()
		return nil
	}
	l.slot <- c

	select {
	case <-c.turns:
		return l.Cross(ctx, drive)
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (l *Light) leave() {
	c := <-l.slot
	c.cars--
	if c.cars == 0 {
		close(c.empty)
	}
	l.slot <- c
}
