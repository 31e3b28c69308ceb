//go:build grade

package hidden

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"testing"

	goroutine "lockstep/chapters/03-goroutine"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// TestInAnyOrder checks that each call gives what it should, whatever was called before.
//
//grade:todo 3.4
//grade:points 1
//grade:needs TestJoin TestNothingBeforeStart TestPanic TestExit
func TestInAnyOrder(t *testing.T) {
	for _, how := range []string{"returns 7", "panics", "exits"} {
		for _, first := range calls {
			for _, second := range calls {
				if first == second && first == "End" || first == "Start" && second == "Join" {
					continue
				}
				interleave.Explore(t, func(t *testing.T) {
					inAnyOrder(t, how, []string{first, second})
				}, interleave.Preemptions(0), interleave.Budget(1), interleave.Schedules(1)) // there is nobody else
			}
		}
	}
}

// calls are those of a thread. "End" is none: it lets the target end.
var calls = []string{"Start", "Join", "Alive", "End"}

// inAnyOrder makes a thread, makes the calls that are given, and then does both for all
// that begin with them and are longer by one, up to five.
func inAnyOrder(t *testing.T, how string, made []string) {
	started, let := false, false
	told := false // a Join has returned what came of it
	gate := make(chan struct{})
	th := goroutine.New("any order", func() (int, error) {
		<-gate
		switch how {
		case "panics":
			panic("bang")
		case "exits":
			runtime.Goexit()
		}
		return 7, nil
	})
	for i, call := range made {
		when := fmt.Sprintf("after the calls %v; target waits for End, then it %s", made[:i], how)
		switch call {
		case "Start":
			want := goroutine.ErrStarted
			if !started {
				want = nil
			}
			exam.Error(t, "Start()", th.Start(), want, when)
			started = true
		case "Join":
			result, err := th.Join()
			told = started
			var p *goroutine.PanicError
			switch {
			case !started:
				exam.Error(t, "Join()", err, goroutine.ErrNotStarted, when)
			case how == "exits":
				exam.Error(t, "Join()", err, goroutine.ErrExited, when)
			case how != "panics":
				exam.Error(t, "Join()", err, nil, when)
				exam.Equal(t, "Join()", result, 7, when)
				continue
			case !errors.As(err, &p):
				t.Errorf("Join() = error %v (%T), want a *PanicError: %s", err, err, when)
			}
			exam.Equal(t, "Join()", result, 0, when)
		case "Alive":
			if alive := th.Alive(); !started || !let || told { // in between it may be either
				exam.Equal(t, "Alive()", alive, started && !let, when)
			}
		case "End":
			close(gate)
			let = true
		}
	}
	if !let {
		close(gate)
	}
	if len(made) == 5 || t.Failed() {
		return
	}
	for _, call := range calls {
		switch {
		case call == "End" && let:
		case call == "Join" && started && !let: // would wait for ever
		default:
			inAnyOrder(t, how, append(slices.Clone(made), call))
		}
	}
}
