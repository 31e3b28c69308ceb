//go:build grade

package hidden

import (
	"strings"
	"sync"
	"testing"
	"time"

	gil "lockstep/chapters/02-gil"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

func TestMain(m *testing.M) { exam.Main(m) }

// interval is the switch interval of all GILs here. Time is virtual, and passes only when
// nobody can run.
const interval = 10 * time.Millisecond

// moment is less than an interval, and enough for everybody to come to where he waits.
const moment = time.Millisecond

// later starts f on a goroutine, and returns when it has come to where it waits.
func later(all *sync.WaitGroup, f func()) {
	all.Add(1)
	go func() {
		defer all.Done()
		f()
	}()
	time.Sleep(moment)
}

// TestAcquire checks that one goroutine at a time holds the GIL, and the next one when it lets go.
//
//grade:todo 2.1
//grade:points 2
func TestAcquire(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		g := gil.NewGIL(interval)
		var holders exam.Peak
		hold := func() {
			g.Acquire()
			holders.Enter()
			time.Sleep(moment)
			holders.Leave()
			g.Release()
		}
		exam.Together(hold, hold, hold)
		exam.Equal(t, "most holders at the same time", holders.Most(), 1, "three goroutines have called Acquire, and then Release")
	})
	interleave.Explore(t, func(t *testing.T) {
		g := gil.NewGIL(interval)
		total := 0
		add := func() {
			g.Acquire()
			total++
			g.Release()
		}
		exam.Together(add, add, add)
		exam.Equal(t, "total", total, 3, "three goroutines have added 1, each while it held the GIL")
	})
	interleave.Explore(t, func(t *testing.T) {
		both := exam.NewRendezvous(t, 2, "holders of two GILs")
		hold := func() {
			g := gil.NewGIL(interval)
			g.Acquire()
			both.Meet()
			g.Release()
		}
		exam.Together(hold, hold)
	})
	interleave.Explore(t, func(t *testing.T) {
		g := gil.NewGIL(interval)
		var second exam.Count
		var all sync.WaitGroup
		g.Acquire()
		later(&all, func() {
			g.Acquire()
			second.Add()
			g.Release()
		})
		time.Sleep(3 * interval)
		exam.Equal(t, "times that a second Acquire has returned", second.Load(), 0, "the GIL is held for three switch intervals, and its holder does not let go")
		g.Release()
		all.Wait()
		exam.Equal(t, "times that a second Acquire has returned", second.Load(), 1, "it waited, and the holder has let go")
	})
}

// TestAcquireInLine checks that those who wait get the GIL in the order in which they came.
//
//grade:todo 2.1
//grade:points 2
//grade:needs TestAcquire
func TestAcquireInLine(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		g := gil.NewGIL(interval)
		var all sync.WaitGroup
		var order []string
		g.Acquire()
		for _, name := range []string{"first", "second", "third"} {
			later(&all, func() {
				g.Acquire()
				order = append(order, name)
				g.Release()
			})
		}
		time.Sleep(2*interval - 2*moment - moment/2) // the first one has made its second request
		g.Release()
		all.Wait()
		exam.Equal(t, "who got the GIL", strings.Join(order, ", "), "first, second, third", "they came in this order, and waited for two switch intervals")
	})
	interleave.Once(t, func(t *testing.T) {
		const crowd = 1000
		g := gil.NewGIL(time.Hour)
		served := 0
		line := func() {
			g.Acquire()
			served++
			g.Release()
		}
		g.Acquire()
		var all sync.WaitGroup
		for range crowd {
			all.Go(line)
		}
		time.Sleep(time.Nanosecond) // until all others wait
		g.Requested()
		g.Release()
		all.Wait()
		exam.Equal(t, "goroutines that got the GIL", served, crowd, "1,000 called Acquire while it was held, and then Release")
	})
	// In real time nobody who waits may leave a clock behind that runs for an hour.
	g := gil.NewGIL(time.Hour)
	var begun, all sync.WaitGroup
	g.Acquire()
	for range 100 {
		begun.Add(1)
		all.Go(func() {
			begun.Done()
			g.Acquire()
			g.Release()
		})
	}
	begun.Wait() // the last ones may not wait yet
	exam.Within(t, "Release, while 100 goroutines call Acquire and Release", func() {
		g.Release()
		all.Wait()
	})
}

// TestReleaseHandsOver checks that whoever lets go of the GIL does not get it back before those who wait.
//
//grade:todo 2.1
//grade:points 2
//grade:needs TestAcquire
func TestReleaseHandsOver(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		g := gil.NewGIL(interval)
		var all sync.WaitGroup
		var order []string
		g.Acquire()
		later(&all, func() {
			g.Acquire()
			order = append(order, "who waits")
			g.Release()
		})
		g.Release()
		g.Acquire()
		order = append(order, "who let go")
		g.Release()
		all.Wait()
		exam.Equal(t, "who got the GIL", strings.Join(order, ", "), "who waits, who let go", "the holder called Release and at once Acquire, while another one was waiting")
	})
}

// TestRequested checks that a request is made when somebody has waited for the switch interval, not before.
//
//grade:todo 2.2
//grade:points 2
//grade:needs TestAcquire
func TestRequested(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		g, other := gil.NewGIL(interval), gil.NewGIL(interval)
		var all sync.WaitGroup
		other.Acquire()
		g.Acquire()
		time.Sleep(5 * interval)
		exam.Equal(t, "Requested()", g.Requested(), false, "the GIL has been held for five switch intervals, and nobody waits")
		var next, alone bool
		later(&all, func() {
			g.Acquire()
			next = g.Requested()
			time.Sleep(3 * interval)
			alone = g.Requested()
			g.Release()
		})
		time.Sleep(interval - 2*moment)
		exam.Equal(t, "Requested()", g.Requested(), false, "another one has been waiting for 9 ms, and the switch interval is 10 ms")
		time.Sleep(2 * moment)
		exam.Equal(t, "Requested()", g.Requested(), true, "another one has been waiting for 11 ms, and the switch interval is 10 ms")
		exam.Equal(t, "Requested()", other.Requested(), false, "of another GIL, for which nobody waits")
		other.Release()
		time.Sleep(2 * interval)
		exam.Equal(t, "Requested()", g.Requested(), true, "another one has been waiting for 31 ms")
		g.Release()
		all.Wait()
		exam.Equal(t, "Requested()", next, false, "of the next holder, which has just got the GIL; the request was made of the one before")
		exam.Equal(t, "Requested()", alone, false, "of a holder that waited for the GIL and has held it for three switch intervals, and nobody else waits")
	})
	interleave.Explore(t, func(t *testing.T) {
		g := gil.NewGIL(interval)
		var all sync.WaitGroup
		take := func() {
			g.Acquire()
			g.Release()
		}
		g.Acquire()
		later(&all, take)
		time.Sleep(2 * interval)
		all.Go(take)
		exam.Equal(t, "Requested()", g.Requested(), true, "another one has been waiting for 21 ms and has made a request, and a third one is just calling Acquire")
		g.Release()
		all.Wait()
	})
}

// TestYieldKeeps checks that Yield keeps the GIL when nobody has made a request.
//
//grade:todo 2.2
//grade:points 1
//grade:needs TestAcquire
func TestYieldKeeps(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		g := gil.NewGIL(interval)
		var second exam.Count
		var all sync.WaitGroup
		g.Acquire()
		g.Yield()
		later(&all, func() {
			g.Acquire()
			second.Add()
			g.Release()
		})
		g.Yield()
		time.Sleep(moment)
		exam.Equal(t, "times that a second Acquire has returned", second.Load(), 0, "the holder has called Yield, and there was no request: the other one had been waiting for 1 ms of 10")
		g.Release()
		all.Wait()
	})
}

// TestYieldHandsOver checks that Yield, on request, lets everybody have the GIL who waits, and then comes back with it.
//
//grade:todo 2.2
//grade:points 2
//grade:needs TestRequested
func TestYieldHandsOver(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		g := gil.NewGIL(interval)
		var all sync.WaitGroup
		var order []string
		g.Acquire()
		for _, name := range []string{"first", "second"} {
			later(&all, func() {
				g.Acquire()
				order = append(order, name)
				g.Release()
			})
		}
		time.Sleep(2 * interval)
		g.Yield()
		order = append(order, "holder")
		left := g.Requested()
		g.Release()
		all.Wait()
		exam.Equal(t, "who had the GIL", strings.Join(order, ", "), "first, second, holder", "two were waiting, there was a request, and the holder called Yield")
		exam.Equal(t, "Requested()", left, false, "after Yield has come back, and nobody waits any more")
	})
	interleave.Explore(t, func(t *testing.T) {
		g := gil.NewGIL(interval)
		var all sync.WaitGroup
		var waited exam.Count
		g.Acquire()
		later(&all, func() {
			g.Acquire()
			waited.Add()
			g.Release()
		})
		time.Sleep(2 * interval)
		all.Go(func() {
			g.Acquire()
			g.Release()
		})
		g.Yield()
		exam.Equal(t, "times that the one who waited has had the GIL", waited.Load(), 1, "Yield has returned; there was a request, and a third one was just calling Acquire")
		g.Release()
		all.Wait()
	})
}

// TestYieldRequests checks that whoever waits in Yield makes requests too.
//
//grade:todo 2.2
//grade:points 1
//grade:needs TestYieldHandsOver
func TestYieldRequests(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		g := gil.NewGIL(interval)
		var all sync.WaitGroup
		var order []string
		var early, late bool
		g.Acquire()
		later(&all, func() {
			g.Acquire()
			time.Sleep(interval - moment)
			early = g.Requested()
			time.Sleep(interval)
			late = g.Requested()
			g.Yield()
			order = append(order, "second")
			g.Release()
		})
		time.Sleep(interval + moment)
		g.Yield()
		order = append(order, "first")
		g.Release()
		all.Wait()
		exam.Equal(t, "Requested()", early, false, "of the second holder, 9 ms after it got the GIL from one that called Yield")
		exam.Equal(t, "Requested()", late, true, "of the second holder, 19 ms after it got the GIL from one that called Yield and wants it back: the switch interval is 10 ms, and who waits asks before two are over")
		exam.Equal(t, "who came back first", strings.Join(order, ", "), "first, second", "the second one has called Yield on request of the first")
	})
}

// TestManyGoroutines checks that the GIL holds with many goroutines on all cores.
//
//grade:todo 2.2
//grade:points 1
//grade:needs TestYieldHandsOver
func TestManyGoroutines(t *testing.T) {
	const goroutines, steps = 20, 50
	g := gil.NewGIL(20 * time.Microsecond)
	total := 0
	var workers []func()
	for range goroutines {
		workers = append(workers, func() {
			g.Acquire()
			for range steps {
				total++
				g.Yield()
			}
			g.Release()
		})
	}
	exam.Within(t, "20 goroutines that call Yield 50 times", func() { exam.Together(workers...) })
	exam.Equal(t, "total", total, goroutines*steps, "20 goroutines have added 50 times 1, each while it held the GIL")
}
