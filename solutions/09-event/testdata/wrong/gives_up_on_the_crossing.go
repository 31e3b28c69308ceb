// want: fail in TestLight

// Green gets a car on the crossing; if ctx ends at that moment the car goes, and is counted for ever.
package event

import (
	"context"
	"time"
)

// A crowd is who waits, and with what.
type crowd struct{ in map[chan bool]struct{} }

func (c *crowd) join() chan bool {
	if c.in == nil {
		c.in = make(map[chan bool]struct{})
	}
	me := make(chan bool, 1)
	c.in[me] = struct{}{}
	return me
}

func (c *crowd) tell() {
	for me := range c.in {
		me <- true
	}
	c.in = nil
}

type state struct {
	on     bool
	inside int
	cars   crowd // wait for on
	worker crowd // waits for inside to be 0
}

type cell chan *state

func newCell(on bool) cell {
	c := make(cell, 1)
	c <- &state{on: on}
	return c
}

func (c cell) do(f func(s *state)) {
	s := <-c
	f(s)
	c <- s
}

// leave gives up; it reports true if it is too late for that.
func (c cell) leave(me chan bool, of func(s *state) *crowd) (told bool) {
	c.do(func(s *state) { delete(of(s).in, me) })
	select {
	case <-me:
		return true
	default:
		return false
	}
}

func cars(s *state) *crowd   { return &s.cars }
func worker(s *state) *crowd { return &s.worker }

type Event struct{ c cell }

func New() *Event { return &Event{newCell(false)} }

func (e *Event) Set() {
	e.c.do(func(s *state) {
		s.on = true
		s.cars.tell()
	})
}

func (e *Event) Clear() { e.c.do(func(s *state) { s.on = false }) }

func (e *Event) IsSet() (on bool) {
	e.c.do(func(s *state) { on = s.on })
	return on
}

func (e *Event) join() (me chan bool) {
	e.c.do(func(s *state) {
		if !s.on {
			me = s.cars.join()
		}
	})
	return me
}

func (e *Event) Wait(ctx context.Context) error {
	me := e.join()
	if me == nil {
		return nil
	}
	select {
	case <-me:
		return nil
	case <-ctx.Done():
		if e.c.leave(me, cars) {
			return nil
		}
		return ctx.Err()
	}
}

func (e *Event) WaitTimeout(d time.Duration) bool {
	if d <= 0 {
		return e.IsSet()
	}
	me := e.join()
	if me == nil {
		return true
	}
	over := make(chan struct{})
	timer := time.AfterFunc(d, func() { close(over) })
	select {
	case <-me:
		if !timer.Stop() {
			<-over
		}
		return true
	case <-over:
		return e.c.leave(me, cars)
	}
}

type Latch struct {
	e     *Event
	count chan int
}

func NewLatch(n int) *Latch {
	l := &Latch{e: New(), count: make(chan int, 1)}
	if n <= 0 {
		l.e.Set()
	}
	l.count <- n
	return l
}

func (l *Latch) CountDown() {
	n := <-l.count
	if n == 1 {
		l.e.Set()
	}
	l.count <- max(n-1, 0)
}

func (l *Latch) Wait(ctx context.Context) error { return l.e.Wait(ctx) }

// A Light lets its cars on the crossing itself: who is told is on it.
type Light struct{ c cell }

func NewLight() *Light { return &Light{newCell(false)} }

func (l *Light) Green() {
	l.c.do(func(s *state) {
		s.on = true
		s.inside += len(s.cars.in)
		s.cars.tell()
	})
}

func (l *Light) Red(ctx context.Context) error {
	var me chan bool
	l.c.do(func(s *state) {
		s.on = false
		if s.inside > 0 {
			me = s.worker.join()
		}
	})
	if me == nil {
		return nil
	}
	select {
	case <-me:
		return nil
	case <-ctx.Done():
		if l.c.leave(me, worker) {
			return nil
		}
		return ctx.Err()
	}
}

func (l *Light) Cross(ctx context.Context, drive func()) error {
	var me chan bool
	l.c.do(func(s *state) {
		if s.on {
			s.inside++
		} else {
			me = s.cars.join()
		}
	})
	if me != nil {
		select {
		case <-me:
		case <-ctx.Done():
			l.c.leave(me, cars)
			return ctx.Err()
		}
	}
	defer l.c.do(func(s *state) {
		if s.inside--; s.inside == 0 {
			s.worker.tell()
		}
	})
	drive()
	return nil
}
