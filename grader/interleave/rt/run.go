package rt

import (
	"runtime"
	"slices"
)

// Kind says how a schedule ended.
type Kind uint8

// The ways a schedule can end.
const (
	Fine       Kind = iota
	Abandoned       // the strategy saw nothing new in it
	Wrong           // the test failed
	Panic           //
	Misuse          // what makes the run-time system end the program
	Deadlock        // the body waits for ever
	Leak            // the body returned; a goroutine waits for ever
	NoProgress      // the step limit
)

// Limits says what one schedule may do.
type Limits struct {
	Steps       int    // more is NoProgress
	Leaks       bool   // goroutines may stay blocked at the end
	Adversarial bool   // time may pass at any moment
	Seed        uint64 // of the program's own random numbers and map orders
	Restart     bool   // the packages under test begin anew, see OnRestart; else all is as the last schedule has left it
	Record      bool   // fill Events and the rest of the story
	Before      int    // steps that are not recorded
	Failed      *bool  // set when the test has failed
}

// Outcome is what one schedule came to. Its slices are valid until the next Run.
type Outcome struct {
	Kind    Kind
	Message string
	Steps   int
	Trace   []Choice
	Races   int  // reported by the detector during the schedule
	Forced  bool // somebody took very many steps and had to let others go first: the strategy had no choice
	Failed  bool // the test had failed by the end; what it says while it is unwound does not count

	// Of a recorded schedule:
	Before     int // steps before the first of Events
	Events     []Event
	Goroutines []Goroutine
	Spotted    []Spotted
	Panic      []uintptr // stack of the panic
}

// Goroutine is the final state of one goroutine of a recorded schedule.
type Goroutine struct {
	ID      int
	Parent  int // number of the goroutine that started it, -1 for the body's own
	Timer   bool
	Blocked bool // it had not finished
	Op      Op   // what it was stopped before
	Object  int
	Held    []Held

	origin [maxFrames]uintptr
	frames [maxFrames]uintptr
}

// Runner runs one schedule after another. One goroutine at a time may use it, and
// one Runner in a process at a time may run.
type Runner struct{ s scheduler }

// NewRunner returns a Runner.
func NewRunner() *Runner {
	return &Runner{scheduler{done: make(chan struct{}, 1), ack: make(chan struct{}, 1)}}
}

// Run runs body and everything it starts under the strategy, to the end. It returns
// when all its goroutines have ended.
//
//go:norace
func (r *Runner) Run(strategy Strategy, limits Limits, body func()) *Outcome {
	s := &r.s
	s.reset(strategy, limits)
	before := Races()
	s.racesSeen = before
	main := s.spawn(nil, body)
	main.main = true
	s.live = append(s.live, main)
	main.state = running
	s.last = main
	s.current = main
	active = s
	go main.run()
	raceOff()
	main.wake <- struct{}{}
	<-s.done
	raceOn()
	out := s.outcome(Races() - before)
	s.teardown()
	active = nil
	return out
}

//go:norace
func (s *scheduler) reset(strategy Strategy, limits Limits) {
	s.strategy, s.limits = strategy, limits
	s.current, s.last = nil, nil
	s.passing.id = 255 // no goroutine of the few that an exploration can handle
	s.live, s.all, s.fresh = s.live[:0], s.all[:0], s.fresh[:0]
	if limits.Restart {
		s.objects.reset()
	} else {
		s.objects.goOn()
	}
	s.timers = s.timers[:0]
	s.clock, s.steps, s.streak, s.changes, s.milestones, s.doneHash = 0, 0, 0, 0, 0, 0
	s.watched, s.patience, s.polled, s.late, s.passAfter = 0, firstJump, 0, firstJump, passAfter
	s.trace, s.events, s.spotted = s.trace[:0], s.events[:0], s.spotted[:0]
	s.recording = limits.Record
	s.verdict, s.message, s.panicked = Fine, "", nil
	s.progress++
	s.mainDone, s.lateFires, s.aborting, s.forced = false, 0, false, false
}

// teardown ends the goroutines that are left. See goroutine.park.
//
//go:norace
func (s *scheduler) teardown() {
	s.aborting = true
	raceOff()
	for round := 0; round < 2; round++ {
		for _, g := range s.all {
			if g.state == done || g.fn == nil {
				continue
			}
			s.current = g
			g.wake <- struct{}{}
			<-s.ack
		}
	}
	s.current = nil
	raceOn()
	acquire(&s.end)
}

//go:norace
func (s *scheduler) outcome(races int) *Outcome {
	out := &Outcome{Kind: s.verdict, Message: s.message, Steps: s.steps, Trace: s.trace, Races: races, Forced: s.forced}
	out.Failed = s.limits.Failed != nil && *s.limits.Failed
	if !s.recording {
		return out
	}
	out.Before, out.Events, out.Spotted, out.Panic = min(s.limits.Before, s.steps), s.events, s.spotted, s.panicked
	for _, g := range s.all {
		parent := -1
		if g.parent != nil {
			parent = g.parent.id
		}
		out.Goroutines = append(out.Goroutines, Goroutine{
			ID: g.id, Parent: parent, Timer: g.fn == nil, Blocked: g.state != done && g.state != unarmed,
			Op: g.op, Object: s.number(g.object), Held: g.held, origin: g.origin, frames: g.frames,
		})
	}
	return out
}

// Progress returns a number that changes as long as schedules make progress, and
// whether one is running. Any goroutine may call it.
//
//go:norace
func (r *Runner) Progress() (n uint64, running bool) {
	return r.s.progress, r.s.current != nil
}

// Where resolves an event's place: the innermost frame outside this package.
func (e Event) Where() runtime.Frame { return Place(e.frames[:]) }

// Stack resolves the frames of the program, the innermost first.
func (e Event) Stack() []runtime.Frame { return slices.Collect(program(e.frames[:])) }

// Where resolves the place where the lock was taken.
func (h Held) Where() runtime.Frame { return Place(h.frames[:]) }

// Where resolves the place a goroutine is at.
func (g Goroutine) Where() runtime.Frame { return Place(g.frames[:]) }

// Stack resolves the frames of the program, the innermost first.
func (g Goroutine) Stack() []runtime.Frame { return slices.Collect(program(g.frames[:])) }

// Origin resolves the place a goroutine was started at.
func (g Goroutine) Origin() runtime.Frame { return Place(g.origin[:]) }

// Controlled reports whether an exploration controls the calling goroutine.
//
//go:norace
func Controlled() bool { return current() != nil }
