//go:build grade

package hidden

import (
	"context"
	"fmt"
	"math"
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
		far := func(when string) {
			t.Helper()
			acquire(math.MaxInt, semaphore.ErrTooLarge, when)
			try(math.MaxInt, false, when)
			release(math.MaxInt, semaphore.ErrReleased, when)
		}
		release(1, semaphore.ErrReleased, "nobody has ever taken a permit")
		far("5 of 5 permits are free")
		acquire(6, semaphore.ErrTooLarge, "the semaphore has 5 permits")
		try(6, false, "the semaphore has 5 permits")
		acquire(3, nil, "5 of 5 permits are free")
		far("2 of 5 permits are free")
		try(3, false, "2 of 5 permits are free")
		try(2, true, "2 of 5 permits are free; what was refused has taken none")
		try(1, false, "all permits are taken")
		far("5 of 5 permits are taken")
		release(6, semaphore.ErrReleased, "5 of 5 permits are taken")
		try(1, false, "all permits are taken; what was refused has given none back")
		release(4, nil, "5 of 5 permits are taken, as 3 and 2; any portion can be given back")
		release(2, semaphore.ErrReleased, "1 of 5 permits is taken")
		acquire(4, nil, "4 of 5 permits are free")
		release(5, nil, "5 of 5 permits are taken")
		acquire(5, nil, "5 of 5 permits are free")
		release(5, nil, "5 of 5 permits are taken")
	})
	interleave.Explore(t, func(t *testing.T) {
		w := semaphore.NewWeighted(3)
		w.Acquire(background, 3)
		ctx, cancel := context.WithTimeout(background, time.Second)
		defer cancel()
		var waited, tooLarge error
		exam.Together(
			func() { waited = w.Acquire(background, 1) },
			func() { settle(); tooLarge = w.Acquire(ctx, 4); w.Release(3) },
		)
		exam.Error(t, "Acquire(ctx, 4)", tooLarge, semaphore.ErrTooLarge, "at once, though Acquire(ctx, 1) waits: the semaphore has 3 permits, which are taken")
		exam.Error(t, "Acquire(ctx, 1)", waited, nil, "it waited until 3 of 3 permits came back, while Acquire(ctx, 4) was refused")
		exam.Equal(t, "TryAcquire(2)", w.TryAcquire(2), true, "1 of 3 permits is taken, and nobody waits")
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
	backTwice(t, newWeighted, 2)
	sideBySide(t, newWeighted)
	patient(t, newWeighted)
	twins(t, newWeighted)
	const beside = "of 3 permits, beside a TryAcquire(3)"
	refused(t, newWeighted, 3, "an Acquire of 4", func(t *testing.T, p permits) {
		exam.Error(t, "Acquire(ctx, 4)", p.Acquire(background, 4), semaphore.ErrTooLarge, beside)
	})
	refused(t, newWeighted, 3, "a Release of 4", func(t *testing.T, p permits) {
		exam.Error(t, "Release(4)", p.Release(4), semaphore.ErrReleased, beside)
	})
	refused(t, newWeighted, 3, "a TryAcquire of 4", func(t *testing.T, p permits) {
		exam.Equal(t, "TryAcquire(4)", p.TryAcquire(4), false, beside)
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
	tell(t, newWeighted, []story{
		{3, 3, "a1 b1 c1", []turn{{"+1", "a"}, {"+1", "ab"}, {"+1", "abc"}}},
		{3, 3, "a2 b1", []turn{{"+1", ""}, {"+1", "a"}, {"+1", "ab"}}},
		{3, 1, "a3", []turn{{"b1", ""}, {"+1", "a"}}},
		{3, 3, "a2", []turn{{"b1 +1", ""}, {"+1", "a"}}},
		{3, 3, "a2", []turn{{"b1 +2", "a"}, {"+1", "ab"}}},
		{3, 2, "a2", nil},
		{4, 3, "a3 b1", []turn{{"+1", ""}}},
		{4, 4, "a1 b3 c1", []turn{{"+2", "a"}, {"d1", "a"}, {"+2", "ab"}}},
		{3, 3, "a1 b2", []turn{{"+1 +2", "ab"}}},
		{3, 0, "", []turn{{"a1 b2", "ab"}}},
		{3, 0, "", []turn{{"a3 b3", "a|b"}}},
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
