//go:build grade

package hidden

import (
	"fmt"
	"math"
	"slices"
	"testing"

	thread "lockstep/chapters/01-process-and-thread"
	"lockstep/grader/exam"
)

// TestRun checks that Run counts one for each n++ that a thread finishes undisturbed.
//
//grade:todo 1.1
//grade:points 1
func TestRun(t *testing.T) {
	run(t, []int{0, 0, 0}, 1, "one thread loads 0, adds, and stores 1")
	run(t, []int{0, 0, 0, 1, 1, 1}, 2, "one thread after the other")
	run(t, []int{7, 7, 7, -3, -3, -3, 7, 7, 7}, 3, "threads 7 and -3 in turn, 7 twice")
	run(t, []int{0, 0, 0, 0, 0, 0, 0, 0, 0}, 3, "one thread executes n++ three times")
	run(t, []int{0, 0}, 0, "the only thread has not stored yet")
	run(t, nil, 0, "nobody has done anything")
	run(t, []int{}, 0, "nobody has done anything")

	exam.Equal(t, "Run(0, 900 times)", thread.Run(make([]int, 900)), 300, "one thread executes n++ 300 times: a byte has no room for that")
}

// TestRunLosesUpdates checks that in Run each thread has a register and a bookmark of its own.
//
//grade:todo 1.1
//grade:points 1
//grade:needs TestRun
func TestRunLosesUpdates(t *testing.T) {
	run(t, []int{0, 1, 0, 1, 0, 1}, 1, "both threads load 0, both store 1")
	run(t, []int{0, 0, 1, 1, 1, 0}, 1, "thread 0 has loaded 0 and stores its 1 over the 1 of thread 1")
	run(t, []int{0, 1, 1, 1, 1, 1, 1, 0, 0}, 1, "thread 1 has come to 2 when thread 0, which loaded 0, stores 1")
	run(t, []int{0, 1, 2, 2, 2, 2, 2, 2, 0, 0, 0, 0, 0, 1, 1}, 1, "thread 1, which loaded 0, stores last")
	run(t, []int{0, 0, 1, 1, 0, 1, 1, 0, 1, 0, 1, 0}, 2, "each executes n++ twice, the first two collide, and the second two")

	run(t, []int{3, -3, 3, -3, 3, -3}, 1, "threads 3 and -3 both load 0")
	run(t, []int{-1, math.MaxInt, -1, math.MaxInt, -1, math.MaxInt}, 1, "any number can be a thread's, and these two are not the same")

	schedule := []int{1, 0, 1, 0, 0, 1}
	thread.Run(schedule)
	exam.Equal(t, "the schedule", fmt.Sprint(schedule), "[1 0 1 0 0 1]", "after Run(schedule): it is the caller's")

	var n [2]int
	exam.Together(
		func() { n[0] = thread.Run([]int{0, 1, 0, 1, 0, 1}) },
		func() { n[1] = thread.Run([]int{0, 0, 0, 1, 1, 1, 0, 0, 0}) },
	)
	exam.Equal(t, "what two calls of Run returned", n, [2]int{1, 3}, "at the same time, Run([0 1 0 1 0 1]) and Run([0 0 0 1 1 1 0 0 0])")
}

// run checks one call of Run.
func run(t *testing.T, schedule []int, want int, when string) {
	t.Helper()
	exam.Equal(t, fmt.Sprintf("Run(%v)", schedule), thread.Run(schedule), want, when)
}

// TestLostUpdate checks that Lost finds the 18 of 20 schedules in which two threads lose an update.
//
//grade:todo 1.2
//grade:points 2
//grade:needs TestRunLosesUpdates
func TestLostUpdate(t *testing.T) { lost(t, 2, 1, 18) }

// TestLostUpdates checks that Lost finds all bad schedules of more threads and more updates, in order.
//
//grade:todo 1.2
//grade:points 1
//grade:needs TestLostUpdate
func TestLostUpdates(t *testing.T) {
	lost(t, 2, 2, 918)
	lost(t, 3, 1, 1674)
	lost(t, 2, 3, 48600)
	for _, none := range [][2]int{
		{1, 4}, {0, 3}, {3, 0}, {-1, 2}, {2, -1}, {-2, -1},
		{100_000, 0}, {0, 100_000}, {100_000, -1}, {-1, 100_000}, {math.MinInt, math.MinInt},
	} {
		lost(t, none[0], none[1], 0)
	}

	kept := thread.Lost(2, 1)
	first := fmt.Sprint(kept[0])
	thread.Lost(2, 2)
	exam.Equal(t, "the first of Lost(2, 1)", fmt.Sprint(kept[0]), first, "after Lost(2, 2)")
	if t.Failed() {
		return // whether two calls at the same time are a race, too, is a matter of luck
	}
	kept[0][0], kept[1] = 99, nil // they are the caller's
	exam.Together(func() { lost(t, 2, 1, 18) }, func() { lost(t, 2, 2, 918) })
}

const stranger = -1 // no thread has this number

// lost checks that Lost returns so many schedules, in order, and each a bad one.
func lost(t *testing.T, threads, times, want int) {
	t.Helper()
	got := thread.Lost(threads, times)
	call := fmt.Sprintf("Lost(%d, %d)", threads, times)
	for _, schedule := range got {
		_ = append(schedule, stranger) // which another one must not notice
	}
	for i, schedule := range got {
		if slices.Contains(schedule, stranger) {
			t.Errorf("%s has slices that share an array: what is appended to one is found in another, %v", call, schedule)
			return
		}
		if reason := flaw(schedule, threads, times); reason != "" {
			t.Errorf("%s has the schedule %v: %s", call, schedule, reason)
			return
		}
		if i == 0 {
			continue
		}
		switch slices.Compare(got[i-1], schedule) {
		case 0:
			t.Errorf("%s has the schedule %v twice (or two slices that share their memory), want each once", call, schedule)
			return
		case 1:
			t.Errorf("%s has %v after %v, want them in lexicographical order", call, schedule, got[i-1])
			return
		}
	}
	exam.Equal(t, "len("+call+")", len(got), want, fmt.Sprintf("threads: %d, and each executes n++ so many times: %d", threads, times))
}

// flaw says why a schedule should not be among the lost, or "".
func flaw(schedule []int, threads, times int) string {
	n, made, register := 0, make([]int, max(0, threads)), make([]int, max(0, threads))
	for _, id := range schedule {
		if id < 0 || id >= threads {
			return fmt.Sprintf("there is no thread %d", id)
		}
		switch made[id] % 3 {
		case 0:
			register[id] = n
		case 2:
			n = register[id] + 1
		}
		made[id]++
	}
	for id := range made {
		if made[id] != 3*times {
			return fmt.Sprintf("thread %d makes %d steps, want %d", id, made[id], 3*times)
		}
	}
	if n == threads*times {
		return fmt.Sprintf("n is %d after it, so no update is lost", n)
	}
	return ""
}
