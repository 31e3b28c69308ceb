package rt

import (
	"math"
	"time"
	"unsafe"
)

// Time is virtual. It stands still while anything can run and then jumps to the next
// deadline, as in testing/synctest; with adversarial time it may jump at any moment,
// but deadlines are always met in their order. A timer that is due fires as a step of
// a pseudo goroutine, so it can come before or after any other step.

// timer is the model of a time.Timer or time.Ticker.
type timer struct {
	key    unsafe.Pointer // the *time.Timer or *time.Ticker
	when   int64
	period int64 // of a ticker
	armed  bool
	naps   int // see nap; and how often a ticker has fired
	path   uint64

	c       chan time.Time
	channel *object

	f      func()     // of an AfterFunc
	runner *goroutine // started when the timer is armed, so that what came before is before f

	pseudo *goroutine
	hb     uint64 // what arming the timer leaves to what it sets off
}

const (
	maxLateFires = 200                     // after the body has returned: more is a leak
	firstJump    = int64(time.Millisecond) // of the clock, for somebody who polls it
	watch        = 4                       // jumps for which the clock is still watched
	fineJump     = 8 * firstJump           // after it they grow slowly: who waits for a second is late by 40 ms at the most
	maxJump      = int64(14 * 24 * time.Hour)
	manyNaps     = 50 // more make somebody who looks again and again
)

//go:norace
func (g *goroutine) newTimer(f func()) *timer {
	g.children++
	t := &timer{f: f, path: mix(g.path, uint64(g.children))}
	g.s.timers = append(g.s.timers, t)
	return t
}

//go:norace
func (g *goroutine) newTimerChannel(d, period time.Duration) *timer {
	t := g.newTimer(nil)
	t.period = int64(period)
	t.c = make(chan time.Time, 1)
	t.channel = channel(g.s, t.c)
	t.channel.timer = t
	g.arm(t, d)
	return t
}

//go:norace
func (s *scheduler) timerOf(key unsafe.Pointer) *timer {
	for _, t := range s.timers {
		if t.key == key {
			return t
		}
	}
	return nil
}

// arm lets t fire d from now.
//
//go:norace
func (g *goroutine) arm(t *timer, d time.Duration) {
	s := g.s
	t.when, t.armed = s.after(d), true
	t.naps = g.nap(d)
	release(&t.hb)
	p := s.newGoroutine()
	p.timer, p.op, p.object, p.state = t, OpFire, t.channel, pending
	p.path, p.hash = t.path, mix(t.path, g.hash)
	t.pseudo = p
	s.live = append(s.live, p)
	if t.f != nil && t.runner == nil {
		t.runner = s.spawn(g, t.f)
		t.runner.timer = t
		go t.runner.run()
	}
}

// nap counts how often g has gone to sleep, or armed a timer, for not longer than the last time:
// who naps many times looks again and again for something, and that may be a little late. What is
// longer, as the deadline of a context is, counts anew.
//
//go:norace
func (g *goroutine) nap(d time.Duration) int {
	if d > g.napped {
		g.naps = 0
	}
	g.napped = d
	g.naps++
	return g.naps
}

// stopTimer disarms t and reports whether that kept it from firing. What it had sent
// and nobody received is gone (Go 1.23).
//
//go:norace
func (g *goroutine) stopTimer(t *timer) bool {
	s := g.s
	o := t.channel
	if o == nil {
		o = s.object(unsafe.Pointer(t))
		if t.pseudo != nil {
			t.pseudo.object = o
		}
	}
	g.point(OpTimer, o)
	s.wrote(g, o)
	was := t.armed
	if t.armed {
		t.disarm()
	}
	if t.channel != nil && len(t.channel.buf) > 0 {
		t.channel.buf = t.channel.buf[:0]
		was = true
	}
	return was
}

//go:norace
func (t *timer) disarm() {
	t.armed = false
	t.pseudo.leave()
}

// fire is the step of a timer's pseudo goroutine p.
//
//go:norace
func (s *scheduler) fire(p *goroutine) {
	t := p.timer
	s.wrote(p, p.object)
	if t.channel != nil {
		if o := t.channel; len(o.buf) == 0 {
			v := new(time.Time)
			*v = epoch.Add(time.Duration(s.clock))
			o.buf = append(o.buf, unsafe.Pointer(v))
		}
		if t.period > 0 {
			t.naps++
			if late := s.clock - t.when; late >= 0 {
				t.when += (late/t.period + 1) * t.period
			}
			return
		}
		t.disarm()
		return
	}
	t.disarm()
	r := t.runner
	t.runner = nil
	r.hash = mix(r.hash, p.hash)
	s.live = append(s.live, r)
	s.resume(r)
}

// deadline returns the next moment that lets somebody run, -1 for none: somebody who has not
// looked at the clock, or slept, more than so many times before.
//
//go:norace
func (s *scheduler) deadline(most int) int64 {
	next := int64(-1)
	for _, g := range s.live {
		if g.state != pending {
			continue
		}
		var when int64
		switch {
		case g.op == OpSleep && g.naps <= most:
			when = g.until
		case g.op == OpFire && g.timer.naps <= most && s.useful(g.timer):
			when = g.timer.when
		default:
			continue
		}
		if when > s.clock && (next < 0 || when < next) {
			next = when
		}
	}
	return next
}

// advance lets time pass until the next deadline and reports whether there was one.
// With spin, somebody may be polling the clock: then it goes in small jumps, or who gives up
// after a second would not have done so before what comes after a day.
//
//go:norace
func (s *scheduler) advance(spin bool) bool {
	next := s.deadline(math.MaxInt)
	if next >= 0 && s.steps > s.limits.Steps/2 && !s.limits.Adversarial {
		next = s.oversleep(next)
	}
	if spin && s.watched > 0 {
		s.watched--
		if s.polled != s.changes {
			s.patience = firstJump // another wait
		}
		if at := s.clock + s.patience; next < 0 || at < next {
			next = at
		}
		if s.patience < fineJump || s.steps > s.limits.Steps/2 {
			s.patience *= 2
		} else {
			s.patience += s.patience / 32
		}
		s.polled = s.changes + 1
	}
	if next < 0 {
		return false
	}
	if s.mainDone {
		if s.lateFires++; s.lateFires > maxLateFires {
			return false
		}
	}
	s.clock = next
	clock := s.object(unsafe.Pointer(&s.clock))
	clock.hash = mix(clock.hash, uint64(next))
	if spin {
		s.changes++
	} else {
		s.milestone()
	}
	for _, g := range s.live {
		if g.state == pending && !s.enabled(g) {
			g.parked = true
		}
	}
	return true
}

// oversleep returns when those wake who sleep again and again, until something happens, next
// or later: twice as late each time, but not later than anybody else. On a real machine they
// may oversleep, too. It is for schedules in which hours pass: of an answer that looks each
// millisecond there would be no end.
//
//go:norace
func (s *scheduler) oversleep(next int64) int64 {
	next = max(next, s.clock+s.late)
	if others := s.deadline(manyNaps); others >= 0 && others <= next {
		s.late = firstJump
		return others
	}
	s.late = min(2*s.late, maxJump)
	return next
}

// useful reports whether t can let anybody run: a ticker that nobody listens to
// must not hide a deadlock.
//
//go:norace
func (s *scheduler) useful(t *timer) bool {
	if t.f != nil {
		return true
	}
	for _, g := range s.live {
		if g.state != pending || (g.op != OpReceive && g.op != OpSelect) {
			continue
		}
		for i := range g.comms {
			if g.comms[i].object == t.channel {
				return true
			}
		}
	}
	return false
}
