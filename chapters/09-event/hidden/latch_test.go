//go:build grade

package hidden

import (
	"context"
	"fmt"
	"math"
	"math/bits"
	"strings"
	"testing"
	"time"

	event "lockstep/chapters/09-event"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// TestLatch checks that a latch opens at the last CountDown, not before, and stays open.
//
//grade:todo 9.4
//grade:points 1
func TestLatch(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		l := event.NewLatch(2)
		exam.Error(t, "Wait(ctx)", l.Wait(ended()), context.Canceled, "of NewLatch(2), with no CountDown; ctx had ended")
		l.CountDown()
		exam.Error(t, "Wait(ctx)", l.Wait(ended()), context.Canceled, "of NewLatch(2), after one CountDown; ctx had ended")
		l.CountDown()
		exam.Error(t, "Wait(ctx)", l.Wait(background), nil, "of NewLatch(2), after two CountDowns")
		l.CountDown()
		exam.Error(t, "Wait(ctx)", l.Wait(background), nil, "of NewLatch(2), after three CountDowns")
		exam.Error(t, "Wait(ctx)", l.Wait(ended()), nil, "of NewLatch(2), after three CountDowns; ctx had ended")
		for _, n := range []int{0, -1, math.MinInt} { // there is none below the last
			open := event.NewLatch(n)
			exam.Error(t, "Wait(ctx)", open.Wait(ended()), nil, fmt.Sprintf("of NewLatch(%d), which is open from the start; ctx had ended", n))
			open.CountDown()
			exam.Error(t, "Wait(ctx)", open.Wait(ended()), nil, fmt.Sprintf("of NewLatch(%d), which is open from the start, after a CountDown; ctx had ended", n))
		}
		for _, n := range []int{crowd + 1, math.MaxUint16 + 2, 1<<(bits.UintSize/2) + 1} { // a smaller integer takes them for 1
			many := event.NewLatch(n)
			many.CountDown()
			exam.Error(t, "Wait(ctx)", many.Wait(ended()), context.Canceled, fmt.Sprintf("of NewLatch(%d), after one CountDown; ctx had ended", n))
		}
	})
}

// TestLatchOpens checks that everybody who waits for the latch is let go when it opens, and sees what was done before.
//
//grade:todo 9.4
//grade:points 2
func TestLatchOpens(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		l := event.NewLatch(2)
		var one, two string
		wait := func() {
			exam.Error(t, "Wait(ctx)", l.Wait(background), nil, "of NewLatch(2); two goroutines do their part and count down")
			exam.Equal(t, "what both have done", one+", "+two, "one, two", "seen after Wait: both wrote before they counted down")
		}
		exam.Together(
			wait,
			wait,
			func() { one = "one"; l.CountDown() },
			func() { two = "two"; l.CountDown() },
		)
	})
	interleave.Explore(t, func(t *testing.T) {
		l := event.NewLatch(1)
		var back exam.Count
		wait := func() {
			exam.Error(t, "Wait(ctx)", l.Wait(background), nil, "of NewLatch(1), two wait for it")
			back.Add()
		}
		exam.Together(wait, wait, func() {
			settle()
			exam.Equal(t, "Waits that have returned", back.Load(), 0, "of NewLatch(1), two wait and nobody has counted down")
			l.CountDown()
			settle()
			exam.Equal(t, "Waits that have returned", back.Load(), 2, "of NewLatch(1), two waited and one has counted down")
		})
	})
}

// TestLatchCountsAll checks that CountDowns at the same time all count, and too many do no harm.
//
//grade:todo 9.4
//grade:points 2
func TestLatchCountsAll(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		l := event.NewLatch(4)
		exam.Together(l.CountDown, l.CountDown, l.CountDown)
		exam.Error(t, "Wait(ctx)", l.Wait(ended()), context.Canceled, "of NewLatch(4), after three CountDowns at the same time; ctx had ended")
		l.CountDown()
		exam.Error(t, "Wait(ctx)", l.Wait(ended()), nil, "of NewLatch(4), after three CountDowns at the same time and one more")
	})
	interleave.Explore(t, func(t *testing.T) {
		l := event.NewLatch(2)
		exam.Together(l.CountDown, l.CountDown, l.CountDown)
		exam.Error(t, "Wait(ctx)", l.Wait(ended()), nil, "of NewLatch(2), after three CountDowns at the same time")
	})
}

// TestLatchGivesUp checks that Wait stops waiting when its context ends, and leaves nothing behind.
//
//grade:todo 9.4
//grade:points 1
//grade:needs TestLatch
func TestLatchGivesUp(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		l := event.NewLatch(2)
		l.CountDown()
		ctx, cancel := context.WithTimeout(background, time.Second)
		defer cancel()
		exam.Error(t, "Wait(ctx)", l.Wait(ctx), context.DeadlineExceeded, "of NewLatch(2), after one CountDown; ctx ends after a second")
	})
	interleave.Explore(t, func(t *testing.T) {
		l := event.NewLatch(1)
		ctx, cancel := context.WithCancel(background)
		var err error
		exam.Together(
			func() { err = l.Wait(ctx) },
			func() { l.CountDown(); cancel() },
		)
		exam.Error(t, "Wait(ctx)", err, nil, "of NewLatch(1); CountDown was called, and then ctx was cancelled")
	})
	for _, story := range []string{"First Last End", "First End Last", "End First Last", "First End", "Other End"} {
		interleave.Explore(t, func(t *testing.T) {
			l, other := event.NewLatch(2), event.NewLatch(1)
			ctx, cancel := context.WithCancel(background)
			longer, stop := context.WithTimeout(background, late)
			defer stop()
			wait := func(ctx context.Context) func() bool { return func() bool { return l.Wait(ctx) == nil } }
			tell(t, story, "Last", map[string]func(){
				"First": l.CountDown,
				"Last":  l.CountDown,
				"Other": other.CountDown,
				"End":   cancel,
			}, wait(ctx), wait(longer))
			exam.Equal(t, "Wait(ctx) == nil", l.Wait(ended()) == nil, strings.Contains(story, "Last"), "of NewLatch(2): "+story+"; and ctx had ended")
		}, interleave.Budget(200), interleave.Schedules(50))
	}
}
