//go:build grade

package hidden

import (
	"context"
	"math"
	"runtime"
	"strings"
	"testing"
	"time"

	event "lockstep/chapters/09-event"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// stories are what may happen while three wait, two impatient ones until End comes, and a patient
// one: call after call and nothing between them, so that they may get to see all of it at once.
// Who waits is told by any Set that comes before his End; the impatient ones may be by a later one.
var stories = []string{
	"Set End",
	"Set Clear End",
	"Set Set Clear End",
	"Set Clear Set Clear End",
	"Clear Set Clear End",
	"Clear End",
	"Clear End Clear Set",
	"End Set",
	"End Set Clear",
	"Other End", // Set and Clear, of another event
}

// Until when they wait in a story.
const (
	soon = 300 * time.Millisecond
	late = time.Second
)

// tell tells a story and returns when all have come back. They report whether they were told,
// which is what the call named tells does.
func tell(t *testing.T, story, tells string, calls map[string]func(), impatient, patient func() bool) {
	var soonTold [2]bool
	var lateTold bool
	exam.Together(
		func() { soonTold[0] = impatient() },
		func() { soonTold[1] = impatient() },
		func() { lateTold = patient() },
		func() {
			settle()
			for _, call := range strings.Fields(story) {
				calls[call]()
			}
		},
	)
	when := "two wait until End comes, and a third one longer; then come, one right after the other: " + story
	before, after, _ := strings.Cut(story, "End")
	if want := strings.Contains(before, tells); want || !strings.Contains(after, tells) {
		for _, told := range soonTold {
			exam.Equal(t, "whether one of the two was told of a "+tells, told, want, when)
		}
	}
	exam.Equal(t, "whether the third one was told of a "+tells, lateTold, strings.Contains(story, tells), when)
}

// tellOf tells all stories of an event. By its wait the impatient ones wait until end or the end
// of ctx, and the patient one waits by the other method.
func tellOf(t *testing.T, wait func(e *event.Event, ctx context.Context) bool, end func(cancel func()), patient func(e *event.Event) bool) {
	for _, story := range stories {
		interleave.Explore(t, func(t *testing.T) {
			e, other := event.New(), event.New()
			ctx, cancel := context.WithCancel(background)
			defer cancel()
			tell(t, story, "Set", map[string]func(){
				"Set":   e.Set,
				"Clear": e.Clear,
				"Other": func() { other.Set(); other.Clear() },
				"End":   func() { end(cancel) },
			}, func() bool { return wait(e, ctx) }, func() bool { return patient(e) })
			again(t, e, strings.LastIndex(story, "Set") > strings.LastIndex(story, "Clear"), story)
		}, interleave.Budget(200), interleave.Schedules(50))
	}
}

// again checks that whoever waits next finds the event set or not, and nothing left from before.
func again(t *testing.T, e *event.Event, set bool, when string) {
	t.Helper()
	exam.Equal(t, "IsSet()", e.IsSet(), set, when)
	exam.Equal(t, "Wait(ctx) == nil", waitFor(e, soon), set, when+"; then somebody waits until ctx ends")
	exam.Equal(t, "WaitTimeout(300ms)", e.WaitTimeout(soon), set, when+"; then somebody waits")
}

// waitFor is WaitTimeout, made of Wait.
func waitFor(e *event.Event, d time.Duration) bool {
	ctx, cancel := context.WithTimeout(background, d)
	defer cancel()
	return e.Wait(ctx) == nil
}

// TestSetBeforeTheEnd checks that a Set counts that came before the end of the context.
//
//grade:todo 9.3
//grade:points 3
//grade:needs TestWaitContext
func TestSetBeforeTheEnd(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		e := event.New()
		ctx, cancel := context.WithCancel(background)
		var err error
		exam.Together(
			func() { err = e.Wait(ctx) },
			func() { e.Set(); cancel() },
		)
		exam.Error(t, "Wait(ctx)", err, nil, "Set was called, and then ctx was cancelled")
		exam.Equal(t, "IsSet()", e.IsSet(), true, "after Set()")
		e.Clear()
		again(t, e, false, "ctx was cancelled after Set(), and later came Clear()")
	})
	tellOf(t,
		func(e *event.Event, ctx context.Context) bool { return e.Wait(ctx) == nil },
		func(cancel func()) { cancel() },
		func(e *event.Event) bool { return e.WaitTimeout(late) },
	)
}

// TestWaitTimeout checks that WaitTimeout tells whether Set came in time, and leaves nothing behind.
//
//grade:todo 9.3
//grade:points 2
//grade:needs TestSet
func TestWaitTimeout(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		e := event.New()
		for _, d := range []time.Duration{0, -1, math.MinInt64} {
			exam.Equal(t, "WaitTimeout("+d.String()+")", e.WaitTimeout(d), false, "of a new event")
		}
		for _, d := range []time.Duration{1, 1900 * time.Microsecond, time.Second} {
			start := time.Now()
			exam.Equal(t, "WaitTimeout("+d.String()+")", e.WaitTimeout(d), false, "nobody calls Set")
			if took := time.Since(start); took < d {
				t.Errorf("WaitTimeout(%v) returned false after %v, want after %v: Set might have come in time", d, took, d)
			}
		}
	})
	for _, d := range []time.Duration{0, 1, 900 * time.Microsecond, time.Second, math.MaxInt64} {
		interleave.Explore(t, func(t *testing.T) {
			e := event.New()
			call, config, seen, inTime := "WaitTimeout("+d.String()+")", "", "", false
			exam.Together(
				func() {
					if inTime = e.WaitTimeout(d); inTime {
						seen = config
					}
				},
				func() {
					time.Sleep(min(d/2, time.Second/2))
					config = "loaded"
					e.Set()
				},
			)
			if d > 0 {
				exam.Equal(t, call, inTime, true, "Set came in time")
			}
			if inTime {
				exam.Equal(t, "what was done before Set, seen after "+call, seen, "loaded", "it has returned true")
			}
		}, interleave.Schedules(200))
	}
	for _, d := range []time.Duration{10 * time.Millisecond, 100 * time.Hour} {
		interleave.Explore(t, func(t *testing.T) { // who waits gets to run when he has waited long enough, too
			e, start := event.New(), time.Now()
			var inTime bool
			var set time.Duration
			exam.Together(
				func() { inTime = e.WaitTimeout(d) },
				func() { e.Set(); set = time.Since(start) },
			)
			if set < d {
				exam.Equal(t, "WaitTimeout("+d.String()+")", inTime, true, "Set had returned before that time had passed, but WaitTimeout may not have got to run until later")
			}
		}, interleave.DaysMayPass())
	}
	interleave.Explore(t, func(t *testing.T) {
		e := event.New()
		var inTime, tooLate bool
		exam.Together(
			func() { inTime = e.WaitTimeout(2 * time.Second) },
			func() { tooLate = e.WaitTimeout(time.Second / 2) },
			func() { time.Sleep(time.Second); e.Set() },
		)
		exam.Equal(t, "WaitTimeout(2 * time.Second)", inTime, true, "Set came after a second")
		exam.Equal(t, "WaitTimeout(time.Second / 2)", tooLate, false, "Set came after a second")
		for _, d := range []time.Duration{time.Second, 0, -1} {
			exam.Equal(t, "WaitTimeout("+d.String()+")", e.WaitTimeout(d), true, "the event is set")
		}
	}, interleave.Schedules(200))
	interleave.Explore(t, func(t *testing.T) {
		e, before := event.New(), runtime.NumGoroutine()
		exam.Together(
			func() {
				exam.Equal(t, "WaitTimeout(100h)", e.WaitTimeout(100*time.Hour), true, "it waited, and Set was called")
			},
			func() { settle(); e.Set() },
		)
		settle()
		if more := runtime.NumGoroutine() - before; more > 0 {
			t.Errorf("%d goroutines more after WaitTimeout(100h), which a Set has let go at once, want none: somebody still waits for the time to be over", more)
		}
	}, interleave.Schedules(50))
	tellOf(t,
		func(e *event.Event, _ context.Context) bool { return e.WaitTimeout(soon) },
		func(func()) { time.Sleep(soon) },
		func(e *event.Event) bool { return waitFor(e, late) },
	)
}
