// want: fail in TestSetBeforeTheEnd

// Whoever gives up as Set rings for him gives his bell back with the ring in it, and the next one who gets it hears that.
package event

import (
	"context"
	"slices"
	"sync"
	"time"
)

// An Event has happened or not: it is set or it is not.
type Event struct {
	mu      sync.Mutex
	set     bool
	waiting []chan struct{} // a bell for each who waits; it has one slot, and rings once
	free    []chan struct{} // bells that nobody uses, all of them silent
}

// New returns an event that is not set.
func New() *Event {
	return &Event{}
}

// Set sets the event and rings for all who wait.
func (e *Event) Set() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.set = true
	for _, bell := range e.waiting {
		bell <- struct{}{}
	}
	e.waiting = nil
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

// enter returns a bell, or nil if there is nothing to wait for.
func (e *Event) enter() chan struct{} {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.set {
		return nil
	}
	var bell chan struct{}
	if last := len(e.free) - 1; last >= 0 {
		bell, e.free = e.free[last], e.free[:last]
	} else {
		bell = make(chan struct{}, 1)
	}
	e.waiting = append(e.waiting, bell)
	return bell
}

// giveBack takes a bell that has been heard.
func (e *Event) giveBack(bell chan struct{}) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.free = append(e.free, bell)
}

// giveUp takes a bell that has not been heard, and reports whether it has rung.
func (e *Event) giveUp(bell chan struct{}) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	i := slices.Index(e.waiting, bell)
	if i >= 0 {
		e.waiting = slices.Delete(e.waiting, i, i+1)
	}
	e.free = append(e.free, bell)
	return i < 0
}

// Wait blocks until the event is set or ctx ends.
func (e *Event) Wait(ctx context.Context) error {
	bell := e.enter()
	if bell == nil {
		return nil
	}
	select {
	case <-bell:
		e.giveBack(bell)
		return nil
	case <-ctx.Done():
		if e.giveUp(bell) {
			return nil
		}
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
	countDown func()
	wait      func(ctx context.Context) error
}

// NewLatch returns a latch that opens after n calls of CountDown.
func NewLatch(n int) *Latch {
	open := New()
	if n <= 0 {
		open.Set()
		return &Latch{countDown: func() {}, wait: open.Wait}
	}
	var mu sync.Mutex
	return &Latch{
		countDown: func() {
			mu.Lock()
			defer mu.Unlock()
			if n == 0 {
				return
			}
			n--
			if n == 0 {
				open.Set()
			}
		},
		wait: open.Wait,
	}
}

// CountDown counts one down.
func (l *Latch) CountDown() { l.countDown() }

// Wait blocks until the latch is open or ctx ends.
func (l *Latch) Wait(ctx context.Context) error { return l.wait(ctx) }

// A Light is a traffic light before a crossing.
type Light struct {
	green *Event // set and cleared under mu

	mu   sync.Mutex
	cars map[*Event]bool // on the crossing; each is set when that car has left
}

// NewLight returns a light that is red; nobody is on the crossing.
func NewLight() *Light {
	return &Light{green: New(), cars: make(map[*Event]bool)}
}

// Green turns the light green.
func (l *Light) Green() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.green.Set()
}

// Red turns the light red, and waits for one car after the other to leave.
func (l *Light) Red(ctx context.Context) error {
	for _, gone := range l.stop() {
		if err := gone.Wait(ctx); err != nil {
			return err
		}
	}
	return nil
}

// stop turns the light red and returns the cars that are still on the crossing.
func (l *Light) stop() (cars []*Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.green.Clear()
	for gone := range l.cars {
		cars = append(cars, gone)
	}
	return cars
}

// Cross gets a car on the crossing while the light is green.
func (l *Light) Cross(ctx context.Context, drive func()) error {
	gone := New()
	for !l.enter(gone) {
		if err := l.green.Wait(ctx); err != nil {
			return err
		}
	}
	defer l.leave(gone)
	drive()
	return nil
}

func (l *Light) enter(gone *Event) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.green.IsSet() {
		return false
	}
	l.cars[gone] = true
	return true
}

func (l *Light) leave(gone *Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.cars, gone)
	gone.Set()
}
