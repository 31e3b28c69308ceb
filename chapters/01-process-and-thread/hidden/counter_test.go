//go:build grade

package hidden

import (
	"bytes"
	"fmt"
	"math"
	"runtime"
	"sync"
	"testing"

	thread "lockstep/chapters/01-process-and-thread"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// TestCounter checks that a Counter adds up what goroutines add at the same time.
//
//grade:todo 1.3
//grade:points 2
func TestCounter(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		var c, other thread.Counter
		exam.Equal(t, "Value()", c.Value(), 0, "of a new Counter")
		c.Add(5)
		c.Add(-2)
		exam.Equal(t, "Value()", c.Value(), 3, "after Add(5) and Add(-2)")
		exam.Equal(t, "Value()", other.Value(), 0, "of another Counter, to which nothing was added")
	})
	interleave.Explore(t, func(t *testing.T) {
		var c thread.Counter
		for _, step := range []struct{ delta, want int }{
			{math.MaxInt, math.MaxInt},
			{-1, math.MaxInt - 1},
			{1 - math.MaxInt, 0},
			{0, 0},
			{math.MinInt, math.MinInt},
			{math.MaxInt, -1},
			{math.MaxInt32, math.MaxInt32 - 1},
			{math.MaxInt32, 2*math.MaxInt32 - 1},
		} {
			before := c.Value()
			c.Add(step.delta)
			exam.Equal(t, "Value()", c.Value(), step.want, fmt.Sprintf("it was %d before Add(%d)", before, step.delta))
		}
	})
	interleave.Explore(t, func(t *testing.T) {
		var c thread.Counter
		var seen int
		exam.Together(
			func() { c.Add(1); c.Add(1) },
			func() { c.Add(10) },
			func() { seen = c.Value() },
		)
		const when = "Add(1) twice in one goroutine and Add(10) in another"
		exam.Equal(t, "Value()", c.Value(), 12, "after "+when)
		exam.OneOf(t, "Value()", seen, []int{0, 1, 2, 10, 11, 12}, "during "+when)
	})
	interleave.Explore(t, func(t *testing.T) {
		var c thread.Counter
		var seen int
		exam.Together(
			func() { c.Add(1); c.Add(-1) },
			func() { seen = c.Value() },
		)
		exam.OneOf(t, "Value()", seen, []int{0, 1}, "while another goroutine calls Add(1), then Add(-1)")
	})
	interleave.Explore(t, func(t *testing.T) {
		var c thread.Counter
		var seen int
		exam.Together(
			func() { c.Add(1); seen = c.Value() },
			func() { c.Add(10) },
		)
		exam.OneOf(t, "Value()", seen, []int{1, 11}, "after Add(1) of the same goroutine, while another one calls Add(10)")
	})
}

// TestInThreads checks that InThreads makes all its calls at the same time, and returns after the last.
//
//grade:todo 1.3
//grade:points 2
func TestInThreads(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		var begun, ended exam.Count
		all := exam.NewRendezvous(t, 3, "calls of work in InThreads(3, work)")
		thread.InThreads(3, func() {
			begun.Add()
			all.Meet()
			ended.Add()
		})
		exam.Equal(t, "calls of work that have ended", ended.Load(), 3, "when InThreads(3, work) returned")
		exam.Equal(t, "calls of work", begun.Load(), 3, "after InThreads(3, work)")
	})
	interleave.Explore(t, func(t *testing.T) {
		n := [2]int{}
		var calls exam.Count
		thread.InThreads(2, func() { n[calls.Add()-1] = 1 })
		exam.Equal(t, "what two calls of work have written", n, [2]int{1, 1}, "after InThreads(2, work)")
		for _, threads := range []int{0, -1, math.MinInt} {
			thread.InThreads(threads, func() { t.Errorf("InThreads(%d, work) has called work", threads) })
		}
	})
	interleave.Explore(t, func(t *testing.T) {
		var n [2]int
		var calls exam.Count
		thread.InThreads(2, func() {
			i := calls.Add() - 1
			thread.InThreads(1, func() { n[i] = 1 })
			n[i]++
		})
		exam.Equal(t, "what two calls of work have written", n, [2]int{2, 2}, "after InThreads(2, work), where work calls InThreads(1, ...)")
	})
	interleave.Explore(t, func(t *testing.T) {
		returned := make(chan struct{})
		exam.Together(
			func() { thread.InThreads(1, func() { <-returned }) },
			func() {
				thread.InThreads(1, func() {})
				close(returned) // or nobody gets on: InThreads waits for the calls of another one
			},
		)
	})

	var mu sync.Mutex
	on := map[string]int{goroutine(): 0} // calls of work on each goroutine, the caller's among them
	thread.InThreads(3, func() {
		me := goroutine()
		mu.Lock()
		defer mu.Unlock()
		on[me]++
	})
	exam.Equal(t, "calls of work on the goroutine that called InThreads(3, work)", on[goroutine()], 0, "each call has a goroutine of its own")
	exam.Equal(t, "goroutines on which InThreads(3, work) called work", len(on)-1, 3, "each call has one of its own")

	all := exam.NewRendezvous(t, 500, "calls of work in InThreads(500, work)")
	thread.InThreads(500, all.Meet)
}

// goroutine returns the name of the goroutine that calls it, "goroutine 7".
func goroutine() string {
	stack := make([]byte, 64)
	name, _, _ := bytes.Cut(stack[:runtime.Stack(stack, false)], []byte(" ["))
	return string(name)
}

// TestCountAtFullSpeed checks that a Counter loses nothing when goroutines use all cores.
//
//grade:todo 1.3
//grade:points 1
//grade:needs TestCounter TestInThreads
func TestCountAtFullSpeed(t *testing.T) {
	var c thread.Counter
	exam.Within(t, "InThreads(8, work)", func() {
		thread.InThreads(8, func() {
			for range 1000 {
				c.Add(1)
			}
		})
	})
	exam.Equal(t, "Value()", c.Value(), 8000, "8 goroutines called Add(1) 1000 times each")
}
