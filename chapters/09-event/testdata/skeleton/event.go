// Package event is chapter 9: an event that goroutines wait for and that can be taken
// back, a latch that opens when enough has happened, and a traffic light with many cars.
// In Python you would reach for threading.Event.
//
// Everything here may be called by any number of goroutines at the same time, except
// where it says otherwise. Nothing here has a Close, so nothing may leave a goroutine
// running behind it.
package event

import (
	"context"
	"time"
)

// An Event has happened or not: it is set or it is not. Make one with New; do not copy
// it. In Python: threading.Event.
//
// What somebody did before Set is visible to whoever has learnt of it, by a Wait that
// returned nil, a WaitTimeout or an IsSet that returned true.
type Event struct {
	// TODO(9.1): is it set, and how do those wait who want to know?
}

// New returns an event that is not set.
func New() *Event {
	return &Event{}
}

// Set sets the event. Everybody who waits for it at that moment is let go, all of them,
// and nothing that follows can take that back: not a Clear, and not the end of a context.
// It stays set until Clear. To set it again meanwhile changes nothing. Set never blocks.
func (e *Event) Set() {
	// TODO(9.1): tell everybody, once.
}

// IsSet reports whether the event is set. It never blocks. In Python: is_set.
func (e *Event) IsSet() bool {
	// TODO(9.1): looking is using, too.
	return false
}

// Clear makes the event one that is not set: who waits from now on waits for the next
// Set. Those whom a Set has let go are not held up, and those who wait already go on
// waiting. To clear an event that is not set changes nothing. Clear never blocks.
func (e *Event) Clear() {
	// TODO(9.2): begin anew, and forget nobody.
}

// Wait blocks until the event is set, and returns nil: at once if it is set already, even
// if ctx has ended. If ctx ends before that, Wait returns ctx.Err(), and leaves nothing
// behind.
//
// A Set counts if it came before the end of ctx, even when Wait gets to see both together.
// If it came later, Wait may do either.
func (e *Event) Wait(ctx context.Context) error {
	// TODO(9.1): wait, and miss no Set that comes just now.
	// TODO(9.3): stop waiting when ctx ends, and leave nothing behind.
	return nil
}

// WaitTimeout blocks until the event is set, or until d has passed, and reports whether
// the event was set in time. If it is set already, WaitTimeout returns true at once; with
// a d that is zero or negative it never blocks. In Python: wait(timeout).
func (e *Event) WaitTimeout(d time.Duration) bool {
	// TODO(9.3): Wait can do nearly all of it.
	return false
}

// A Latch is closed until it has been counted down to zero; then it is open, for good.
// Make one with NewLatch; do not copy it. Java has it under the name of CountDownLatch,
// Python has none.
//
// What somebody did before CountDown is visible to everybody whose Wait returned nil.
type Latch struct {
	// TODO(9.4): how many are missing, and what do those wait for who wait?
}

// NewLatch returns a latch that opens after n calls of CountDown. If n is zero or
// negative it is open from the start.
func NewLatch(n int) *Latch {
	return &Latch{}
}

// CountDown counts one down; the n-th call opens the latch. Calls after that change
// nothing. It never blocks.
func (l *Latch) CountDown() {
	// TODO(9.4): who is the last one? Exactly one may think so.
}

// Wait blocks until the latch is open, and returns nil: at once if it is open already,
// even if ctx has ended. If ctx ends before that, Wait returns ctx.Err(). As with an Event:
// if the latch opened before ctx ended Wait returns nil, even if it gets to see both
// together; if it opened later Wait may do either.
func (l *Latch) Wait(ctx context.Context) error {
	// TODO(9.4): you have built what you need.
	return nil
}

// A Light is a traffic light before a crossing, on which there is room for any number of
// cars as long as it is green, and where somebody wants to work as long as it is red. Make
// one with NewLight; do not copy it.
//
// Any number of cars may Cross at the same time. Green and Red are for one who operates the
// light: never two of these calls at once. What was done before Green is visible to the
// cars that it lets go; what the cars did is visible to the caller of a Red that has
// returned nil.
type Light struct {
	// TODO(9.5): which colour, and who is on the crossing?
}

// NewLight returns a light that is red; nobody is on the crossing.
func NewLight() *Light {
	return &Light{}
}

// Green turns the light green: the cars that wait go, all together, and those that come
// need not wait. A light that is green stays green. Green never blocks.
func (l *Light) Green() {
	// TODO(9.5): let them go.
}

// Red turns the light red: from now on nobody gets on the crossing. Then it blocks until
// all who are on it have left, and returns nil: at once if it is empty, even if ctx has
// ended. After that no drive runs until the next Green.
//
// If ctx ends first, Red returns ctx.Err(). The light is red all the same; another Red
// waits for the rest. If the last car left before ctx ended Red returns nil, even if it gets
// to see both together; if it left later Red may do either.
func (l *Light) Red(ctx context.Context) error {
	// TODO(9.5): nobody new, and then nobody.
	return nil
}

// Cross gets a car on the crossing while the light is green, calls drive once, and leaves
// the crossing when drive returns; then it returns nil. If the light is green it does not
// wait, even if ctx has ended; if it is red, it waits until the car gets on the crossing.
// Whoever has not got on it when the light turns red again, even if he was about to, waits
// for the next green.
//
// If ctx ends while Cross waits, it returns ctx.Err(), and drive is not called. If the light
// turns green just then, Cross may do either.
//
// Drive does not use the light. If it panics (the panic goes on through Cross) or ends its
// goroutine with runtime.Goexit, as t.FailNow does, the car has left the crossing too.
func (l *Light) Cross(ctx context.Context, drive func()) error {
	// TODO(9.5): green when you looked is not green when you drive.
	return nil
}
