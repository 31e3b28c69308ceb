//go:build grade

package hidden

import (
	"runtime"
	"testing"

	join "lockstep/chapters/04-join"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

func TestMain(m *testing.M) { exam.Main(m) }

// TestAll checks that All runs every function once and returns after the last one has.
//
//grade:todo 4.1
//grade:points 2
func TestAll(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		var written [3]string
		var runs exam.Count
		join.All(
			func() { runs.Add(); written[0] = "by the first" },
			func() { runs.Add(); runtime.Gosched(); written[1] = "by the second" },
			func() { runs.Add(); written[2] = "by the third" },
		)
		seen := written // a race if All does not wait
		exam.Equal(t, "runs of the functions", runs.Load(), 3, "when All(first, second, third) has returned")
		exam.Equal(t, "what the functions wrote", seen, [3]string{"by the first", "by the second", "by the third"}, "when All has returned")
		join.All()
		join.All(func() { runs.Add() })
		exam.Equal(t, "runs of the functions", runs.Load(), 4, "when All(one more) has returned")
	})
	interleave.Explore(t, func(t *testing.T) {
		var runs exam.Count
		functions := []func(){func() { runs.Add() }}
		join.All(functions...)
		join.All(functions...)
		exam.Equal(t, "runs of the functions", runs.Load(), 2, "when All(functions...) has returned twice, of one function")
	})
}

// TestAllAtTheSameTime checks that All starts every function before it waits for any.
//
//grade:todo 4.1
//grade:points 1
//grade:needs TestAll
func TestAllAtTheSameTime(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		all := exam.NewRendezvous(t, 3, "functions, in All of three")
		join.All(all.Meet, all.Meet, all.Meet)
	})
}
