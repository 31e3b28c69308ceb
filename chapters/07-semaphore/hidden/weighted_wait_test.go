//go:build grade

package hidden

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	semaphore "lockstep/chapters/07-semaphore"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// TestWeightedGivesUp checks that Acquire stops waiting when its context ends, and loses no permit.
//
//grade:todo 7.5
//grade:points 2
//grade:needs TestWeighted
func TestWeightedGivesUp(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		w := semaphore.NewWeighted(3)
		exam.Error(t, "Acquire(ctx, 2)", w.Acquire(ended(), 2), context.Canceled, "ctx was cancelled before, but 3 of 3 permits are free")
		exam.Equal(t, "TryAcquire(3)", w.TryAcquire(3), true, "after an Acquire whose ctx had ended, 3 of 3 permits are free")
		exam.Error(t, "Release(1)", w.Release(1), nil, "3 of 3 permits are taken")
		ctx, cancel := context.WithTimeoutCause(background, time.Second, errCause)
		defer cancel()
		exam.Error(t, "Acquire(ctx, 2)", w.Acquire(ctx, 2), context.DeadlineExceeded, "1 of 3 permits is free, and ctx ends after a second")
		exam.Equal(t, "TryAcquire(1)", w.TryAcquire(1), true, "1 of 3 permits is free, and the one who waited has given up")
		exam.Error(t, "Release(3)", w.Release(3), nil, "3 of 3 permits are taken")
		settle()
		exam.Equal(t, "TryAcquire(3)", w.TryAcquire(3), true, "all permits came back after an Acquire has given up")
		exam.Error(t, "Release(3)", w.Release(3), nil, "3 of 3 permits are taken")
	})
	interleave.Explore(t, func(t *testing.T) {
		w := semaphore.NewWeighted(3)
		ctx, cancel := context.WithTimeoutCause(background, time.Second, errCause)
		defer cancel()
		w.Acquire(background, 2)
		exam.Together(
			func() {
				exam.Error(t, "Acquire(ctx, 3)", w.Acquire(background, 3), nil, "it waited until all permits came back")
			},
			func() {
				settle()
				exam.Error(t, "Acquire(ctx, 1)", w.Acquire(ctx, 1), context.DeadlineExceeded, "it waits behind Acquire(ctx, 3), and its ctx ends after a second")
				exam.Error(t, "Release(2)", w.Release(2), nil, "2 of 3 permits are taken")
			},
		)
		exam.Error(t, "Release(3)", w.Release(3), nil, "3 of 3 permits are taken")
	})
	for _, n := range []int{1, 3} {
		refused(t, newWeighted, 3, fmt.Sprintf("an Acquire of %d whose ctx has ended", n), func(t *testing.T, p permits) {
			exam.Error(t, fmt.Sprintf("Acquire(ctx, %d)", n), p.Acquire(ended(), n), context.Canceled, "ctx was cancelled before, beside a TryAcquire(3)")
		})
	}
	interleave.Explore(t, func(t *testing.T) {
		w := semaphore.NewWeighted(3)
		w.Acquire(background, 2)
		ctx, cancel := context.WithCancel(background)
		var err error
		exam.Together(func() { err = w.Acquire(ctx, 2) }, cancel)
		exam.Error(t, "Acquire(ctx, 2)", err, context.Canceled, "ctx is cancelled as Acquire begins to wait, and 2 of 3 permits stay taken")
	})
	earlier(t, newWeighted)
}

// TestWeightedLeavesTheLine checks that whoever gives up holds up nobody who waits behind him, and that many may stand there.
//
//grade:todo 7.5
//grade:points 3
//grade:needs TestWeightedGivesUp TestWeightedKeepsTheLine
func TestWeightedLeavesTheLine(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		w := semaphore.NewWeighted(3)
		ctx, cancel := context.WithCancel(background)
		both := exam.NewRendezvous(t, 2, "those who wanted 1 permit each, behind one who wanted 3 and gave up")
		small := func() {
			settle()
			w.Acquire(background, 1)
			both.Meet()
			w.Release(1)
		}
		w.Acquire(background, 1)
		exam.Together(
			func() {
				exam.Error(t, "Acquire(ctx, 3)", w.Acquire(ctx, 3), context.Canceled, "2 of 3 permits are free, and ctx is cancelled")
			},
			small,
			small,
			func() { settle(); settle(); cancel() },
		)
		exam.Error(t, "Release(1)", w.Release(1), nil, "1 of 3 permits is taken")
		exam.Equal(t, "TryAcquire(3)", w.TryAcquire(3), true, "everybody has released what he had")
	})
	tell(t, newWeighted, []story{
		{4, 4, "a1 b1 c1 d1", []turn{{"-a", ""}, {"+1", "b"}, {"+1", "bc"}, {"+1", "bcd"}}},
		{4, 4, "a1 b1 c1 d1", []turn{{"-b", ""}, {"+1", "a"}, {"+1", "ac"}, {"+1", "acd"}}},
		{4, 4, "a1 b1 c1 d1", []turn{{"-b", ""}, {"-c", ""}, {"+1", "a"}, {"+1", "ad"}}},
		{4, 4, "a1 b1 c1 d1", []turn{{"-c", ""}, {"-b", ""}, {"+2", "ad"}}},
		{4, 4, "a1 b1 c1 d1", []turn{{"-a", ""}, {"-b", ""}, {"+1", "c"}, {"+1", "cd"}}},
		{4, 4, "a1 b1 c1 d1", []turn{{"-b -c", ""}, {"+1", "a"}, {"+1", "ad"}}},
		{4, 4, "a1 b1 c1 d1", []turn{{"-d", ""}, {"-c", ""}, {"+3", "ab"}, {"e1", "abe"}}},
		{3, 2, "a3 b2", []turn{{"-a", ""}, {"-b", ""}, {"c1", "c"}}},
		{3, 1, "a3 b3 c1", []turn{{"-b", ""}, {"+1", "a"}}},
		{3, 1, "a3 b3 c1", []turn{{"-a", ""}, {"-b", "c"}}},
		{3, 1, "a3 b2 c1", []turn{{"-c", ""}, {"-a", "b"}}},
		{3, 2, "a3 b2 c1", []turn{{"-a", ""}, {"+1", "b"}, {"+1", "bc"}}},
		{3, 1, "a3 b1", []turn{{"-a c1", "bc"}}},
		{3, 2, "a3 b1", []turn{{"-a c1", "b"}}},
		{3, 1, "a3 b3", []turn{{"-a", ""}, {"c1", ""}, {"+1", "b"}}},
		{3, 2, "a2 b3", []turn{{"-b", ""}, {"+1", "a"}, {"+1", "a"}}},
		{3, 2, "a2 b3", []turn{{"-b", ""}, {"+1", "a"}, {"+1", "a"}, {"c1", "ac"}}},
		{1, 1, "a1 b1 c1 d1", []turn{{"-c", ""}, {"-d", ""}, {"+1", "a"}, {"+1", "ab"}}},
	})
	interleave.Once(t, func(t *testing.T) {
		w := semaphore.NewWeighted(hundreds)
		w.Acquire(background, hundreds)
		var all sync.WaitGroup
		for range hundreds {
			all.Go(func() {
				exam.Error(t, "Acquire(ctx, 1)", w.Acquire(background, 1), nil, "of 1,500 permits; 1,500 goroutines have waited until all came back")
			})
		}
		time.Sleep(time.Nanosecond) // until all others wait
		exam.Error(t, "Release(1500)", w.Release(hundreds), nil, "all permits are taken, and 1,500 goroutines wait for one each")
		all.Wait()
	})
}

// TestWeightedCancelLosesNothing checks that permits that come at the moment of giving up are taken, or there for others.
//
//grade:todo 7.5
//grade:points 3
//grade:needs TestWeightedGivesUp TestWeightedLimit
func TestWeightedCancelLosesNothing(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		w := semaphore.NewWeighted(3)
		ctx, cancel := context.WithCancel(background)
		w.Acquire(background, 2)
		exam.Together(
			func() {
				if w.Acquire(ctx, 3) == nil {
					w.Release(3)
				}
			},
			func() {
				exam.Error(t, "Acquire(ctx, 2)", w.Acquire(background, 2), nil, "another waiter's ctx is cancelled while permits come back; this one's never ends")
				w.Release(2)
			},
			func() { w.Release(2) },
			cancel,
		)
		settle()
		exam.Equal(t, "TryAcquire(3)", w.TryAcquire(3), true, "an Acquire was cancelled while permits came back, and everybody has released what he had")
		exam.Error(t, "Release(3)", w.Release(3), nil, "3 of 3 permits are taken")
		exam.Error(t, "Release(1)", w.Release(1), semaphore.ErrReleased, "all permits came back")
	})
	interleave.Explore(t, func(t *testing.T) {
		w := semaphore.NewWeighted(2)
		ctx, cancel := context.WithCancel(background)
		both := exam.NewRendezvous(t, 2, "those who wanted 1 permit each, behind one who wanted 2 and was cancelled while 2 came back")
		small := func() {
			settle()
			w.Acquire(background, 1)
			both.Meet()
			w.Release(1)
		}
		w.Acquire(background, 2)
		exam.Together(
			func() {
				if w.Acquire(ctx, 2) == nil {
					w.Release(2)
				}
			},
			small,
			small,
			func() { settle(); settle(); cancel() },
			func() { settle(); settle(); w.Release(2) },
		)
	})
	tell(t, newWeighted, []story{
		{3, 3, "a1 b1", []turn{{"-a +1", "a|b"}}},
		{3, 3, "a2 b1", []turn{{"-a +1", "b"}}},
		{3, 3, "a2 b1", []turn{{"-a +2", "a|b"}}},
		{3, 3, "a2 b1", []turn{{"-b +1", ""}, {"+1", "a"}}},
		{3, 3, "a1 b1 c1", []turn{{"-a -b +1", "a|b|c"}}},
		{3, 3, "a1 b1 c1", []turn{{"-b +2", "ab|ac"}}},
		{3, 3, "a1 b1 c1", []turn{{"-b +3", "ac|abc"}}},
		{3, 3, "a1 b1 c1", []turn{{"-a +3", "bc|abc"}}},
	})
}

// TestPermitsAtFullSpeed checks that no permit is lost or made when many goroutines use all cores.
//
//grade:todo 7.5
//grade:points 1
//grade:needs TestPermitsLimit TestReleaseTooOften TestCancelLosesNoPermit TestForEachLimit TestForEachSideBySide TestForEachStops
//grade:needs TestWeightedLimit TestWeightedServesAll TestWeightedLeavesTheLine TestWeightedCancelLosesNothing
func TestPermitsAtFullSpeed(t *testing.T) {
	const goroutines, rounds, size = 8, 60, 4
	s, w := semaphore.New(size), semaphore.NewWeighted(size)
	var one, many, running exam.Peak
	items := make([]int, goroutines)
	for i := range items {
		items[i] = i
	}
	exam.Within(t, "8 goroutines that take permits and give them back", func() {
		semaphore.ForEach(background, goroutines-1, items, func(g int) {
			running.Enter()
			defer running.Leave()
			for i := range rounds {
				ctx, cancel := context.WithCancel(background)
				cancelled := make(chan bool)
				go func() {
					defer close(cancelled)
					if i%5 == 0 {
						cancel()
					}
				}()
				if s.Acquire(ctx) == nil {
					one.Enter()
					one.Leave()
					s.Release()
				}
				n := 1 + (g+i)%size
				if w.Acquire(ctx, n) == nil {
					for range n {
						many.Enter()
					}
					for range n {
						many.Leave()
					}
					w.Release(n)
				}
				<-cancelled
				cancel()
			}
		})
	})
	const when = "after 8 goroutines have taken them and given them back, and given up now and then"
	for name, peak := range map[string]struct{ got, most int }{
		"permits of the Semaphore":     {one.Most(), size},
		"permits of the Weighted":      {many.Most(), size},
		"calls of work with a limit 7": {running.Most(), goroutines - 1},
	} {
		if peak.got > peak.most {
			t.Errorf("%s at the same time = %d, want %d or fewer", name, peak.got, peak.most)
		}
	}
	for range size {
		exam.Equal(t, "TryAcquire()", s.TryAcquire(), true, "of 4 permits, "+when)
	}
	exam.Equal(t, "TryAcquire()", s.TryAcquire(), false, "the fifth of 4 permits, "+when)
	exam.Equal(t, "TryAcquire(4)", w.TryAcquire(size), true, "of 4 permits, "+when)
	exam.Error(t, "Release(4)", w.Release(size), nil, when)
	exam.Error(t, "Release(1)", w.Release(1), semaphore.ErrReleased, "all permits are free, "+when)
}

// TestContextLetGo checks that a call that has returned leaves nobody behind who waits for the end of its context.
//
//grade:todo 7.5
//grade:points 1
//grade:needs TestCancelLosesNoPermit TestForEachStops TestWeightedCancelLosesNothing
func TestContextLetGo(t *testing.T) {
	interleave.Explore(t, func(*testing.T) {
		s, ctx := semaphore.New(1), exam.Endless()
		take := func() { s.Acquire(ctx); s.Release() }
		exam.Together(take, take)
	})
	interleave.Explore(t, func(*testing.T) {
		w, ctx := semaphore.NewWeighted(2), exam.Endless()
		take := func() { w.Acquire(ctx, 2); w.Release(2) }
		exam.Together(take, take)
	})
	interleave.Explore(t, func(*testing.T) { semaphore.NewWeighted(2).Acquire(exam.Endless(), 3) })
	for _, items := range [][]int{nil, {1}, {1, 2}} {
		interleave.Explore(t, func(*testing.T) { semaphore.ForEach(exam.Endless(), 1, items, func(int) {}) })
	}
}
