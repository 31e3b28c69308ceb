//go:build grade

package hidden

import (
	"runtime"
	"testing"

	goroutine "lockstep/chapters/03-goroutine"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// TestAlive checks that Alive is true while the thread runs, and only then.
//
//grade:todo 3.3
//grade:points 1
//grade:needs TestJoin
func TestAlive(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		var th *goroutine.Thread[int]
		var asked bool
		gate := make(chan struct{})
		th = goroutine.New("alive", func() (int, error) {
			<-gate
			asked = th.Alive()
			exam.Error(t, "Start()", th.Start(), goroutine.ErrStarted, "when target itself calls it")
			exam.Equal(t, "Name()", th.Name(), "alive", "when target itself asks")
			return 7, nil
		})
		ask := func() { exam.Equal(t, "Alive()", th.Alive(), false, "before Start, asked by two at the same time") }
		exam.Together(ask, ask)
		th.Start()
		exam.Equal(t, "Alive()", th.Alive(), true, "when Start has returned and target waits")
		close(gate)
		th.Join()
		exam.Equal(t, "Alive()", asked, true, "when target itself asks")
		exam.Equal(t, "Alive()", th.Alive(), false, "when Join has returned")
		exam.Equal(t, "Name()", th.Name(), "alive", "when Join has returned")
	})
}

// TestAliveAndTheEnd checks that Alive is not false before the end, nor true after a Join.
//
//grade:todo 3.3
//grade:points 2
//grade:needs TestAlive
func TestAliveAndTheEnd(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		written := 0
		th := goroutine.New("writer", func() (int, error) {
			written = 1
			runtime.Gosched()
			written = 2
			return 7, nil
		})
		th.Start()
		var afterJoin bool
		seen := 2
		exam.Together(
			func() {
				if !th.Alive() {
					seen = written // a race if the thread has not ended
				}
			},
			func() {
				th.Join()
				afterJoin = th.Alive()
			},
		)
		exam.Equal(t, "what target wrote", seen, 2, "when Alive has become false, the last thing that target wrote is 2")
		exam.Equal(t, "Alive()", afterJoin, false, "when Join has just returned")
	})
}
