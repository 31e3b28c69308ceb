//go:build grade

package hidden

import (
	"context"
	"fmt"
	"testing"
	"time"

	semaphore "lockstep/chapters/07-semaphore"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// TestWeighted checks that permits are taken and given back by the armful, all or none.
//
//grade:todo 7.4
//grade:points 2
func TestWeighted(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		w := semaphore.NewWeighted(5)
		acquire := func(n int, want error, when string) {
			t.Helper()
			exam.Error(t, fmt.Sprintf("Acquire(ctx, %d)", n), w.Acquire(background, n), want, when)
		}
		try := func(n int, want bool, when string) {
			t.Helper()
			exam.Equal(t, fmt.Sprintf("TryAcquire(%d)", n), w.TryAcquire(n), want, when)
		}
		release := func(n int, want error, when string) {
			t.Helper()
			exam.Error(t, fmt.Sprintf("Release(%d)", n), w.Release(n), want, when)
		}
		release(1, semaphore.ErrReleased, "nobody has ever taken a permit")
		acquire(6, semaphore.ErrTooLarge, "the semaphore has 5 permits")
		try(6, false, "the semaphore has 5 permits")
		acquire(3, nil, "5 of 5 permits are free")
		try(3, false, "2 of 5 permits are free")
		try(2, true, "2 of 5 permits are free; what was refused has taken none")
		try(1, false, "all permits are taken")
		release(6, semaphore.ErrReleased, "5 of 5 permits are taken")
		try(1, false, "all permits are taken; what was refused has given none back")
		release(4, nil, "5 of 5 permits are taken, as 3 and 2; any portion can be given back")
		release(2, semaphore.ErrReleased, "1 of 5 permits is taken")
		acquire(4, nil, "4 of 5 permits are free")
		release(5, nil, "5 of 5 permits are taken")
		acquire(5, nil, "5 of 5 permits are free")
		release(5, nil, "5 of 5 permits are taken")
	})
}

// TestWeightedLimit checks that no more is taken than there is, and everybody gets his turn.
//
//grade:todo 7.4
//grade:points 2
//grade:needs TestWeighted
func TestWeightedLimit(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		w := semaphore.NewWeighted(3)
		var taken exam.Peak
		use := func(n int) func() {
			return func() {
				exam.Error(t, fmt.Sprintf("Acquire(ctx, %d)", n), w.Acquire(background, n), nil, "of 3 permits, while others want 1, 2 and 3")
				for range n {
					taken.Enter()
				}
				for range n {
					taken.Leave()
				}
				exam.Error(t, fmt.Sprintf("Release(%d)", n), w.Release(n), nil, "after Acquire")
			}
		}
		exam.Together(use(1), use(2), use(3))
		exam.Equal(t, "permits taken at the same time", taken.Most(), 3, "of 3 permits, by holders of 1, 2 and 3")
	})
	interleave.Explore(t, func(t *testing.T) {
		w := semaphore.NewWeighted(3)
		total := 0
		add := func() {
			w.Acquire(background, 2)
			total++
			w.Release(2)
		}
		exam.Together(add, add, add)
		exam.Equal(t, "total", total, 3, "three goroutines have added 1, each with 2 of 3 permits")
	})
	interleave.Explore(t, func(t *testing.T) {
		w := semaphore.NewWeighted(2)
		var got exam.Count
		try := func() {
			if w.TryAcquire(1) {
				got.Add()
			}
		}
		exam.Together(try, try)
		exam.Equal(t, "times that TryAcquire(1) returned true", got.Load(), 2, "two try at the same time, for 2 permits")
	})
}

// TestWeightedKeepsTheLine checks that nobody overtakes one who waits for more.
//
//grade:todo 7.4
//grade:points 3
//grade:needs TestWeighted
func TestWeightedKeepsTheLine(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		w := semaphore.NewWeighted(3)
		var large, small exam.Count
		before := -1
		w.Acquire(background, 1)
		w.Acquire(background, 1)
		exam.Together(
			func() {
				w.Acquire(background, 3)
				large.Add()
				w.Release(3)
			},
			func() {
				settle()
				w.Acquire(background, 1)
				before = large.Load()
				small.Add()
				w.Release(1)
			},
			func() {
				settle()
				settle()
				exam.Equal(t, "times that Acquire(ctx, 1) has returned", small.Load(), 0, "1 of 3 permits is free, but Acquire(ctx, 3) waits since before")
				exam.Equal(t, "TryAcquire(1)", w.TryAcquire(1), false, "1 of 3 permits is free, but Acquire(ctx, 3) waits")
				exam.Error(t, "Release(1)", w.Release(1), nil, "2 of 3 permits are taken")
				settle()
				exam.Equal(t, "times that Acquire(ctx, 1) has returned", small.Load(), 0, "2 of 3 permits are free, but Acquire(ctx, 3) waits since before")
				exam.Error(t, "Release(1)", w.Release(1), nil, "1 of 3 permits is taken")
			},
		)
		exam.Equal(t, "times that Acquire(ctx, 3) had returned before Acquire(ctx, 1)", before, 1, "it had waited longer")
	})
	interleave.Explore(t, func(t *testing.T) {
		w := semaphore.NewWeighted(3)
		var turn exam.Count
		var turns [3]int
		use := func(came, n int) func() {
			return func() {
				for range came {
					settle()
				}
				w.Acquire(background, n)
				turns[came] = turn.Add()
				w.Release(n)
			}
		}
		w.Acquire(background, 3)
		exam.Together(use(0, 1), use(1, 3), use(2, 2), func() {
			settle()
			settle()
			settle()
			exam.Error(t, "Release(3)", w.Release(3), nil, "3 of 3 permits are taken, and others wait")
		})
		exam.Equal(t, "turns of those who wanted 1, 3 and 2 permits", turns, [3]int{1, 2, 3}, "that is the order in which they came")
	})
}

// TestWeightedServesAll checks that Release lets in everybody who need not wait any more.
//
//grade:todo 7.4
//grade:points 2
//grade:needs TestWeighted
func TestWeightedServesAll(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		w := semaphore.NewWeighted(3)
		both := exam.NewRendezvous(t, 2, "holders of 1 and of 2 permits, after Release(3)")
		use := func(n int) func() {
			return func() {
				w.Acquire(background, n)
				both.Meet()
				w.Release(n)
			}
		}
		w.Acquire(background, 3)
		exam.Together(use(1), use(2), func() {
			settle()
			exam.Error(t, "Release(3)", w.Release(3), nil, "3 of 3 permits are taken, and Acquire(ctx, 1) and Acquire(ctx, 2) wait")
		})
		exam.Equal(t, "TryAcquire(3)", w.TryAcquire(3), true, "everybody has released what he had")
	})
	interleave.Explore(t, func(t *testing.T) {
		w := semaphore.NewWeighted(3)
		w.Acquire(background, 3)
		var err error
		exam.Together(func() { err = w.Acquire(endless(), 2) }, func() { settle(); w.Release(3) })
		exam.Error(t, "Acquire(ctx, 2)", err, nil, "it waited, permits came back, and ctx did not end")
	})
}

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
	interleave.Explore(t, func(t *testing.T) {
		w := semaphore.NewWeighted(3)
		w.Acquire(background, 2)
		ctx, cancel := context.WithCancel(background)
		var err error
		exam.Together(func() { err = w.Acquire(ctx, 2) }, cancel)
		exam.Error(t, "Acquire(ctx, 2)", err, context.Canceled, "ctx is cancelled as Acquire begins to wait, and 2 of 3 permits stay taken")
	})
}

// TestWeightedLeavesTheLine checks that whoever gives up holds up nobody who waits behind him.
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
	interleave.Explore(t, func(*testing.T) {
		semaphore.ForEach(exam.Endless(), 1, []int{1, 2}, func(int) {})
	})
}
