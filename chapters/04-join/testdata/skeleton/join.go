// Package join is chapter 4: waiting for the end of others. Python joins one thread at a
// time, t.join(timeout), and what went wrong in it stays there. Here many are joined at
// once, and what went wrong comes back to the one who waits.
//
// Nothing here may leave a goroutine behind that has nothing left to do: when the
// functions that it was given have ended, all that it has started ends by itself.
package join

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// All runs the functions at the same time, each on a goroutine of its own, and returns
// when all of them have ended. What they wrote may be read then. Without functions it
// returns at once.
//
// Functions may end by panic or by runtime.Goexit too. If any of them panicked, All
// panics in its turn, with a *PanicError, but not before the others have ended. A Goexit
// is an end like a return.
func All(functions ...func()) {
	// TODO(4.1): start all of them before you wait for any.
	// TODO(4.5): bring the panic home.
}

// ErrTimeout says that a group has not ended in time.
var ErrTimeout = errors.New("not all have ended in time")

// A Group runs functions, its members, each on a goroutine of its own, and joins them.
// Make one with New; do not copy it. It is used once: when a Wait or a WaitTimeout has
// seen its end, do not add to it again.
type Group struct {
	ctx context.Context
	// TODO(4.2): how many are running, and what tells those who wait?
	// TODO(4.4): what ends the context, and which error was the first?
}

// New returns a group without members. The context that it gives to its members ends
//
//   - when ctx does, whose values it has,
//   - when a member has failed: with an error or by a panic,
//   - when a Wait or a WaitTimeout has seen the end of the group.
//
// While members run and none of this has happened it does not end. Ctx itself is never
// cancelled by the group.
func New(ctx context.Context) *Group {
	return &Group{ctx: ctx} // TODO(4.4): members need a context that the group can end.
}

// Go adds a member: it runs f, with the group's context, on a goroutine of its own, also
// if that context has ended already. It never waits for f.
//
// Members may call Go to add others, at any time. Everybody else may do so until the first
// Wait or WaitTimeout is called.
func (g *Group) Go(f func(ctx context.Context) error) {
	// TODO(4.2): count, start, and count down whatever happens in f.
}

// Wait waits until all members have ended, those added meanwhile included; what they wrote
// may be read then. A group without members has ended. Any number of goroutines may wait,
// at the same time and again later; all are told the same.
//
// Wait returns the first error that a member returned, nil if none did. First in time:
// what members return because that error has cancelled them comes later. Even then it
// waits for all of them.
//
// If a member panicked Wait panics with a *PanicError, when all have ended. It tells the
// first panic, and any panic comes before any error. A member that ends by runtime.Goexit
// has ended without an error.
func (g *Group) Wait() error {
	// TODO(4.2): wait, however many wait.
	// TODO(4.4): tell the first error.
	// TODO(4.5): or panic.
	return nil
}

// WaitTimeout is Wait with an end to its patience: it returns as soon as all members have
// ended, like Wait, or when d is over and some are still running. Then it returns
// ErrTimeout, whatever errors and panics there are already. In Python that is
// t.join(timeout), except that the latter returns None in either case.
//
//   - A group that has ended is never too late, however small d is. If d is zero or
//     negative WaitTimeout does not wait, it only looks.
//   - If the last member ends just when d is over it may be seen or not.
//   - A time-out ends the waiting, nothing else: the members are not cancelled, and the
//     group can be waited for again.
//   - However many time-outs there are, goroutines do not pile up behind them.
func (g *Group) WaitTimeout(d time.Duration) error {
	// TODO(4.3): two things to wait for, and nobody may be left waiting for the other.
	return nil
}

// A PanicError is what All, Wait and WaitTimeout panic with when a function has panicked.
type PanicError struct {
	Value any    // what panic was called with; of an All within that panicked, its *PanicError
	Stack []byte // of the goroutine while it panicked, as debug.Stack prints it
}

// Error returns the value and the stack: it is what Go prints if nobody recovers.
func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v\n\n%s", e.Value, e.Stack) }

// Unwrap returns the value if it is an error, so that errors.Is and errors.As find it.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}
