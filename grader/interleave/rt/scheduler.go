package rt

import (
	"runtime"
	"time"
)

// active is the scheduler of the exploration in progress. It is read by goroutines
// outside the exploration too, which never find themselves in it.
var active *scheduler

// scheduler runs the goroutines of one schedule, one at a time. The goroutine that
// runs owns every field; ownership passes with the wake channel.
type scheduler struct {
	strategy Strategy
	limits   Limits

	current *goroutine   // the one that runs
	last    *goroutine   // the one that took the last step
	live    []*goroutine // not finished, in order of creation
	all     []*goroutine // all of this schedule, by number
	spare   []*goroutine // structs (and wake channels) of earlier schedules
	fresh   []*goroutine // to be run up to their next step before anything is chosen

	objects   objectTable
	timers    []*timer
	clock     int64  // virtual nanoseconds since epoch
	patience  int64  // how far the clock jumps for somebody who polls it; farther the next time
	polled    uint64 // changes when it last did
	late      int64  // how much later somebody wakes who sleeps again and again, see oversleep
	watched   int    // how often it still makes a short jump: somebody has read it
	passAfter int    // steps without effect of each, where all spin, that let time pass

	steps      int
	progress   uint64 // changes with every step and every schedule
	streak     int    // steps last has taken in a row
	changes    uint64 // steps so far that changed something
	milestones int    // so far, see milestone
	doneHash   uint64 // see hash.go

	alternatives []*goroutine
	moving       int       // how many of them, the first ones, do not only spin
	passing      goroutine // stands for time, as one of the alternatives
	preempted    bool      // the last choice kept last from going on
	forced       bool      // somebody had to let others go first, for fairness
	options      []option
	trace        []Choice

	recording bool
	events    []Event
	spotted   []Spotted
	racesSeen int

	verdict   Kind
	message   string
	panicked  []uintptr // where the panic came from
	mainDone  bool
	lateFires int // timers fired after the body had returned
	aborting  bool

	done chan struct{} // the schedule is over, or nothing can run
	ack  chan struct{} // a goroutine has done its part of the teardown
	end  uint64        // ordered after everything in the schedule
}

// state says how far a goroutine got.
type state uint8

const (
	unarmed state = iota // an AfterFunc whose time has not come
	ready                // to run on, up to its next step
	pending              // stopped before a step
	running              // taking its step
	done
)

// goroutine is one goroutine of the schedule, or a timer that can fire.
type goroutine struct {
	s      *scheduler
	id     int
	gp     uintptr // what getg returns on it
	wake   chan struct{}
	state  state
	fn     func()
	main   bool
	timer  *timer // of a pseudo goroutine that only fires this timer
	parent *goroutine
	origin [maxFrames]uintptr // the go statement

	// The step it is stopped before.
	op     Op
	object *object
	until  int64 // of a Sleep
	naps   int   // see nap
	napped time.Duration
	frames [maxFrames]uintptr
	held   []Held // noted when recording

	communication // of a channel operation

	notified  bool    // a waiter that was let go
	lockAfter *object // what Cond.Wait takes again
	arrived   bool    // a WaitGroup.Wait that found the counter above zero
	late      bool    // a WaitGroup.Wait that found zero, and the counter rose before its turn
	parked    bool    // known to have been blocked for some virtual time

	in, out uint64 // the detector's words: what a partner gives it, what it gives a partner

	path     uint64 // who it is, in any schedule: its parent's path and its rank among siblings
	children int
	hash     uint64 // of its past, see hash.go
	idle     int    // steps without effect since anything changed
	asOf     uint64 // scheduler.changes when idle was last counted
	effects  int    // steps with an effect since the last milestone
	since    int    // scheduler.milestones when effects was last counted
	draws    uint64 // random numbers drawn
}

const maxFrames = 16

// current returns the calling goroutine if an exploration controls it, else nil.
//
//go:norace
func current() *goroutine {
	s := active
	if s == nil {
		return nil
	}
	g := s.current
	if g == nil || g.gp != getg() {
		return nil
	}
	return g
}

// point stops g before a step on o until the scheduler chooses g.
//
//go:norace
func (g *goroutine) point(op Op, o *object) {
	s := g.s
	if s.aborting {
		runtime.Goexit()
	}
	g.op, g.object = op, o
	if s.recording {
		s.locate(g)
	}
	if s.steps >= s.limits.Steps {
		g.stop(NoProgress, "")
	}
	g.state = pending
	g.yield()
}

// took accounts for a step that g is about to take.
//
//go:norace
func (s *scheduler) took(g *goroutine) {
	if s.last == g {
		s.streak++
	} else {
		s.last, s.streak = g, 1
	}
	s.steps++
	s.progress++
	g.parked = false
	if s.recording && s.steps > s.limits.Before {
		s.events = append(s.events, Event{Goroutine: g.id, Op: g.op, Object: s.number(g.object), Preempts: s.preempted, frames: g.frames})
	}
}

// yield lets the next goroutine run and returns when it is g's turn again.
//
//go:norace
func (g *goroutine) yield() {
	s := g.s
	next := s.next()
	if next == g {
		return
	}
	if next == nil {
		s.current = nil
		raceOff()
		s.done <- struct{}{}
		g.park()
		return
	}
	s.current = next
	raceOff()
	next.wake <- struct{}{}
	g.park()
}

// park waits for g's turn. It is called with the detector off and returns with it on.
//
//go:norace
func (g *goroutine) park() {
	<-g.wake
	raceOn()
	s := g.s
	if !s.aborting {
		return
	}
	// First all goroutines publish what they did, then they unwind one by one:
	// deferred calls of a schedule that is over cannot race.
	releaseMerge(&s.end)
	raceOff()
	s.ack <- struct{}{}
	<-g.wake
	raceOn()
	acquire(&s.end)
	runtime.Goexit()
}

// next returns who runs now: nil when the schedule is over or nothing can run.
//
//go:norace
func (s *scheduler) next() *goroutine {
	for {
		if n := len(s.fresh); n > 0 {
			g := s.fresh[0]
			s.fresh = without(s.fresh, 0)
			g.state = running
			return g
		}
		g := s.choose()
		if g == nil {
			return nil
		}
		s.took(g)
		if g.fn == nil {
			s.fire(g)
			continue
		}
		g.state = running
		return g
	}
}

// resume lets a goroutine whose step a partner has completed run on.
//
//go:norace
func (s *scheduler) resume(g *goroutine) {
	g.state = ready
	s.fresh = append(s.fresh, g)
}

// stop ends the schedule with a failure of the kind given. It does not return.
//
//go:norace
func (g *goroutine) stop(k Kind, message string) {
	s := g.s
	s.fail(k, message)
	g.state = pending
	s.current = nil
	raceOff()
	s.done <- struct{}{}
	g.park()
}

// fail notes the first failure.
//
//go:norace
func (s *scheduler) fail(k Kind, message string) {
	if s.verdict == Fine {
		s.verdict, s.message = k, message
	}
}
