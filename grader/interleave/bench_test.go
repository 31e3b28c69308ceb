package interleave_test

import (
	"sync"
	"testing"

	"lockstep/grader/interleave"
	"lockstep/grader/interleave/rt"
)

// BenchmarkLostUpdate measures schedules of a program with two goroutines, two lock
// sections each and a WaitGroup; one of its assertions is left out, so none fails.
func BenchmarkLostUpdate(b *testing.B) {
	n := 0
	body := func(t *testing.T) {
		n++
		v := 0
		var mu sync.Mutex
		var wg sync.WaitGroup
		for range 2 {
			rt.WaitGroupAdd(&wg, 1)
			rt.Go(func() {
				defer rt.WaitGroupDone(&wg)
				rt.MutexLock(&mu)
				old := v
				rt.MutexUnlock(&mu)
				rt.MutexLock(&mu)
				v = old + 1
				rt.MutexUnlock(&mu)
			})
		}
		rt.WaitGroupWait(&wg)
	}
	b.ResetTimer()
	for n < b.N {
		interleave.ExploreHere("b", "", body, interleave.Schedules(b.N-n), interleave.Preemptions(-1))
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "schedules/s")
}
