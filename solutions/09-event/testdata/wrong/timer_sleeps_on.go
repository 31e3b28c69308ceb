// want: fail in TestWaitTimeout

// Somebody sleeps until the time is over, also when Set has come long before.
package event

import (
	"context"
	"sync"
	"time"
)

// An Event is a channel that is closed when it is set. To close a channel is the one
// thing in Go that tells everybody at once, those who wait and those who come later. What
// a channel cannot do is open again; so Clear takes a new one, and who holds the old one
// has been told already.
type Event struct {
	mu   sync.Mutex
	set  bool          // guarded by mu
	told chan struct{} // guarded by mu; closed when set
}

// New returns an event that is not set.
func New() *Event { return &Event{told: make(chan struct{})} }

// Set sets the event. To look and to close are one step, or two would close.
func (e *Event) Set() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.set {
		e.set = true
		close(e.told)
	}
}

// IsSet reports whether the event is set.
func (e *Event) IsSet() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.set
}

// Clear takes a new channel, but only if somebody has closed the old one: otherwise there
// may be somebody who waits for it.
func (e *Event) Clear() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.set {
		e.set = false
		e.told = make(chan struct{})
	}
}

// Wait gets hold of one channel, and waits for just that one. So it misses no Set, however
// early it comes, and no Clear can touch it: it does not look at the flag again.
func (e *Event) Wait(ctx context.Context) error {
	told := e.channel()
	select {
	case <-told:
		return nil
	case <-ctx.Done():
	}
	select {
	case <-told:
		return nil // both were there, and the first select chose at random
	default:
		return ctx.Err()
	}
}

// channel returns what the next Set closes, or the last one has closed.
func (e *Event) channel() <-chan struct{} {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.told
}

// WaitTimeout has somebody who sleeps for d, and he does, whatever happens.
func (e *Event) WaitTimeout(d time.Duration) bool {
	if d <= 0 {
		return e.IsSet()
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		time.Sleep(d)
		cancel()
	}()
	return e.Wait(ctx) == nil
}

// A Latch is an event that the last of n sets.
type Latch struct {
	open *Event

	mu   sync.Mutex
	left int // guarded by mu
}

// NewLatch returns a latch that opens after n calls of CountDown.
func NewLatch(n int) *Latch {
	l := &Latch{open: New(), left: n}
	if n <= 0 {
		l.open.Set()
	}
	return l
}

// CountDown counts one down. To count and to look whether that was the last is one step.
func (l *Latch) CountDown() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.left--
	if l.left == 0 {
		l.open.Set()
	}
}

// Wait blocks until the latch is open.
func (l *Latch) Wait(ctx context.Context) error { return l.open.Wait(ctx) }

// A Light is two events that tell when to look again, and a lock under which one looks.
// An event that has let somebody go does not call him back when it is cleared; that is its
// promise. So a car that has seen green asks once more, under the lock under which the
// light changes, and is counted there.
type Light struct {
	green, empty *Event // changed under mu only

	mu   sync.Mutex
	cars int // on the crossing; guarded by mu
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

// Red turns the light red and waits for the crossing to be empty. Once it is, it stays so:
// nobody can enter.
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
	defer l.leave() // also if drive panics
	drive()         // no lock is held: the others drive too
	return nil
}

// enter puts a car on the crossing if the light is green.
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

// leave takes a car off the crossing.
func (l *Light) leave() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cars--
	if l.cars == 0 {
		l.empty.Set()
	}
}
