//go:build grade

package hidden

import (
	"fmt"
	"sync"
	"testing"
	"time"

	gil "lockstep/chapters/02-gil"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// A turn is one goroutine's: it comes, gets the GIL, and lets go when it has looked whether
// it is asked for it. Everything is in ms.
type turn struct {
	comes int
	not   int // so long after it got the GIL there is no request
	asked int // and so long after there is one; 0: it lets go without a second look
}

// TestRequestedOfEachHolder checks that each holder has the GIL for a whole switch interval before it is asked.
//
//grade:todo 2.2
//grade:points 2
//grade:needs TestRequested
//grade:needs TestAcquireInLine
func TestRequestedOfEachHolder(t *testing.T) {
	for _, story := range []struct {
		turns []turn
		why   string
	}{
		{[]turn{{0, 8, 0}, {1, 9, 15}, {2, 25, 0}}, "the third waits for the first holder, and then for the second"},
		{[]turn{{0, 9, 25}, {1, 9, 18}, {2, 25, 0}}, "the third makes requests of the first holder, and later of the second"},
		{[]turn{{0, 5, 0}, {1, 9, 12}, {4, 9, 20}, {6, 25, 0}}, "at 16 ms it is the fourth who has waited for the second holder for an interval"},
		{[]turn{{0, 10, 12}, {1, 9, 14}, {5, 9, 14}, {9, 15, 0}}, "others come all the time"},
		{[]turn{{0, 69, 71}, {60, 25, 0}}, "the first one has the GIL for a long time before anybody waits"},
		{[]turn{{0, 9, 15}, {1, 9, 19}, {12, 25, 0}}, "the third comes when the second has made a request of the first"},
	} {
		interleave.Explore(t, func(t *testing.T) {
			g := gil.NewGIL(interval)
			var all []func()
			for n, turn := range story.turns {
				all = append(all, func() {
					time.Sleep(time.Duration(turn.comes) * time.Millisecond)
					g.Acquire()
					got := time.Now()
					look := func(after int, want bool) {
						time.Sleep(time.Duration(after)*time.Millisecond - time.Since(got))
						exam.Equal(t, "Requested()", g.Requested(), want, fmt.Sprintf("of holder %d, %d ms after it got the GIL; %s", n+1, after, story.why))
					}
					look(turn.not, false)
					if turn.asked > 0 {
						look(turn.asked, true)
					}
					g.Release()
				})
			}
			exam.Together(all...)
		}, few...)
	}

	// Intervals of every size: a wait of nine tenths is too short, and one of eleven is enough.
	for _, every := range []time.Duration{1500 * time.Nanosecond, 100 * time.Microsecond, 1500 * time.Microsecond, 3 * time.Second} {
		interleave.Explore(t, func(t *testing.T) {
			g := gil.NewGIL(every)
			var all sync.WaitGroup
			g.Acquire()
			all.Go(func() {
				g.Acquire()
				g.Release()
			})
			time.Sleep(every / 10 * 9)
			exam.Equal(t, "Requested()", g.Requested(), false, fmt.Sprintf("another one has been waiting for %v, and the switch interval is %v", every/10*9, every))
			time.Sleep(every / 10 * 2)
			exam.Equal(t, "Requested()", g.Requested(), true, fmt.Sprintf("another one has been waiting for %v, and the switch interval is %v", every/10*11, every))
			g.Release()
			all.Wait()
		}, few...)
	}

	interleave.Explore(t, func(t *testing.T) {
		g := gil.NewGIL(time.Nanosecond)
		var all sync.WaitGroup
		g.Acquire()
		all.Go(func() {
			g.Acquire()
			g.Release()
		})
		time.Sleep(3 * time.Nanosecond)
		exam.Equal(t, "Requested()", g.Requested(), true, "another one has been waiting for 3 ns, and the switch interval is 1 ns, the least there is")
		g.Release()
		all.Wait()
	}, few...)

	// The interval of one who waits ends at the very moment at which the holder lets go.
	for waited := range 2 {
		for _, yields := range []bool{false, true} {
			interleave.Explore(t, func(t *testing.T) {
				g := gil.NewGIL(interval)
				var all sync.WaitGroup
				var asked exam.Count
				take := func() {
					g.Acquire()
					if g.Requested() {
						asked.Add()
					}
					g.Release()
				}
				g.Acquire()
				later(&all, take)
				later(&all, take)
				time.Sleep(interval - 2*moment + time.Duration(waited)*moment)
				if yields {
					g.Yield()
				}
				g.Release()
				all.Wait()
				exam.Equal(t, "holders that are asked as soon as they get the GIL", asked.Load(), 0, "two have been waiting, and the switch interval of one ends when the holder lets go")
			}, interleave.Budget(400), interleave.Schedules(100))
		}
	}
}
