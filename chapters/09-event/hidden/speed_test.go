//go:build grade

package hidden

import (
	"runtime"
	"testing"

	event "lockstep/chapters/09-event"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// TestEventsAtFullSpeed checks that nobody is forgotten when many goroutines use all cores.
//
//grade:todo 9.5
//grade:points 1
//grade:needs TestSetIsNotMissed TestSetPublishes TestClear TestClearAfterSet TestSetAndClearTogether TestSetBeforeTheEnd TestWaitTimeout
//grade:needs TestLatchOpens TestLatchCountsAll TestLatchGivesUp TestLightNobodyOnRed TestLightStaysRed TestLightPanic
func TestEventsAtFullSpeed(t *testing.T) {
	const cars, rounds, works = 8, 60, 40
	start, arrived := event.New(), event.NewLatch(cars)
	l := event.NewLight()
	var drives exam.Count
	surface := 0 // written while the light is red, read by those who drive over it
	tasks := []func(){func() {
		start.Set()
		for range works {
			l.Green()
			runtime.Gosched()
			if err := l.Red(background); err != nil {
				t.Errorf("Red(ctx) = %v, want no error: ctx never ends", err)
			}
			surface++
		}
		l.Green()
		exam.Error(t, "Wait(ctx)", arrived.Wait(background), nil, "of a latch that 8 cars count down")
	}}
	for range cars {
		tasks = append(tasks, func() {
			exam.Error(t, "Wait(ctx)", start.Wait(background), nil, "of an event that somebody sets, while 8 goroutines wait")
			for range rounds {
				l.Cross(background, func() {
					if drives.Add(); surface > works {
						t.Errorf("surface = %d, want %d or less", surface, works)
					}
				})
			}
			arrived.CountDown()
		})
	}
	exam.Within(t, "8 cars that cross 60 times while the light changes 40 times", func() { exam.Together(tasks...) })
	exam.Equal(t, "calls of drive", drives.Load(), cars*rounds, "8 cars have crossed 60 times while the light changed 40 times")
}

// TestContextLetGo checks that a call that has returned leaves nobody behind who waits for the end of its context.
//
//grade:todo 9.5
//grade:points 1
//grade:needs TestWaitTimeout TestLatchGivesUp TestLightPanic
func TestContextLetGo(t *testing.T) {
	interleave.Explore(t, func(*testing.T) {
		e, l, ctx := event.New(), event.NewLatch(1), exam.Endless()
		exam.Together(
			func() { e.Wait(ctx); l.Wait(ctx) },
			func() { e.Set(); l.CountDown() },
		)
	})
	interleave.Explore(t, func(*testing.T) {
		l, ctx := event.NewLight(), exam.Endless()
		exam.Together(
			func() {
				l.Cross(ctx, func() {})
				defer func() { _ = recover() }()
				l.Cross(ctx, func() { panic("drive") })
			},
			func() { l.Green(); l.Red(ctx); l.Green() },
		)
	})
}
