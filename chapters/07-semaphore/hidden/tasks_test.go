//go:build grade

package hidden

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	semaphore "lockstep/chapters/07-semaphore"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// TestForEachDoesAll checks that ForEach calls work once for each item, and returns after the last call.
//
//grade:todo 7.3
//grade:points 1
func TestForEachDoesAll(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		done := make([]int, 4) // each work writes its own place, and the caller reads them after
		items := []int{0, 1, 2, 3}
		err := semaphore.ForEach(background, 2, items, func(i int) {
			runtime.Gosched()
			done[i]++
		})
		exam.Error(t, "ForEach(ctx, 2, items, work)", err, nil, "4 items, and ctx does not end")
		if want := []int{1, 1, 1, 1}; !slices.Equal(done, want) {
			t.Errorf("calls of work for each item = %v, want %v: when ForEach(ctx, 2, items, work) has returned", done, want)
		}
		if want := []int{0, 1, 2, 3}; !slices.Equal(items, want) {
			t.Errorf("items = %v, want %v, as before: ForEach(ctx, 2, items, work) only reads them", items, want)
		}
	})
	interleave.Explore(t, func(t *testing.T) {
		var calls exam.Count
		semaphore.ForEach(background, 1, []int{1, 2}, func(int) {
			semaphore.ForEach(background, 1, []int{1, 2}, func(int) { calls.Add() })
		})
		exam.Equal(t, "calls of the inner work", calls.Load(), 4, "work, called for 2 items, itself calls ForEach for 2 items, each with a limit of 1")
	})
	interleave.Explore(t, func(t *testing.T) {
		var calls exam.Count
		err := semaphore.ForEach(background, 2, []any{nil, "", 0, nil}, func(any) { calls.Add() })
		exam.Error(t, `ForEach(ctx, 2, {nil, "", 0, nil}, work)`, err, nil, "ctx does not end")
		exam.Equal(t, "calls of work", calls.Load(), 4, `in ForEach(ctx, 2, {nil, "", 0, nil}, work)`)
	})
	interleave.Explore(t, func(t *testing.T) {
		var ended exam.Count
		err := semaphore.ForEach(background, 1, []int{1, 2}, func(int) {
			runtime.Gosched()
			ended.Add()
		})
		exam.Error(t, "ForEach(ctx, 1, {1, 2}, work)", err, nil, "ctx does not end, however much time passes while work runs")
		exam.Equal(t, "calls of work that have ended", ended.Load(), 2, "when ForEach(ctx, 1, {1, 2}, work) has returned, however much time passes while work runs")
	}, interleave.DaysMayPass())
	exam.Error(t, "ForEach(ctx, 1, nil, work)", semaphore.ForEach(background, 1, nil, func(int) { t.Error("work is called, and there are no items") }), nil, "there are no items")
}

// TestForEachLimit checks that no more calls of work run at the same time than the limit says, and items take their turns in order.
//
//grade:todo 7.3
//grade:points 2
//grade:needs TestForEachDoesAll
func TestForEachLimit(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		var running exam.Peak
		semaphore.ForEach(background, 2, []int{1, 2, 3}, func(int) {
			running.Enter()
			runtime.Gosched()
			running.Leave()
		})
		if most := running.Most(); most > 2 {
			t.Errorf("calls of work at the same time = %d, want 2 or fewer: ForEach(ctx, 2, items, work) with 3 items", most)
		}
	})
}

// TestForEachSideBySide checks that as many calls of work run at the same time as the limit says.
//
//grade:todo 7.3
//grade:points 2
//grade:needs TestForEachDoesAll
func TestForEachSideBySide(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		both := exam.NewRendezvous(t, 2, "calls of work, of ForEach(ctx, 2, items, work) with 3 items")
		semaphore.ForEach(background, 2, []int{1, 2, 3}, func(int) { both.Meet() })
	})
	for _, limit := range []int{2, 20} {
		interleave.Explore(t, func(t *testing.T) {
			const n = 40
			items := make([]int, n)
			for i := range items {
				items[i] = i
			}
			first := exam.NewRendezvous(t, limit, fmt.Sprintf("the first %d calls of work, of ForEach(ctx, %d, items, work) with %d items", limit, limit, n))
			semaphore.ForEach(background, limit, items, func(i int) {
				if i < limit {
					first.Meet()
				}
			})
		}, interleave.Preemptions(0), interleave.Budget(5), interleave.Schedules(5))
	}
	interleave.Once(t, func(t *testing.T) {
		all := exam.NewRendezvous(t, hundreds, "calls of work, of ForEach(ctx, 1500, items, work) with 1,500 items")
		semaphore.ForEach(background, hundreds, make([]int, hundreds), func(int) { all.Meet() })
	})
	interleave.Explore(t, func(t *testing.T) {
		long := exam.NewRendezvous(t, 2, "work(1), which takes long, and work(3), which may begin when work(2) has ended, with a limit of 2")
		semaphore.ForEach(background, 2, []int{1, 2, 3}, func(i int) {
			if i != 2 {
				long.Meet()
			}
		})
	})
	interleave.Explore(t, func(t *testing.T) {
		long := exam.NewRendezvous(t, 2, "work(2), which takes long, and work(3), which may begin when work(1) has ended, with a limit of 2")
		semaphore.ForEach(background, 2, []int{1, 2, 3}, func(i int) {
			if i != 1 {
				long.Meet()
			}
		})
	})
}

// TestForEachStops checks that no more calls begin when the context has ended, and those that have begun are waited for.
//
//grade:todo 7.3
//grade:points 2
//grade:needs TestForEachLimit
func TestForEachStops(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(background)
		var order []int
		err := semaphore.ForEach(ctx, 1, []int{1, 2, 3, 4}, func(i int) {
			order = append(order, i)
			if i == 2 {
				cancel()
			}
		})
		exam.Error(t, "ForEach(ctx, 1, {1, 2, 3, 4}, work)", err, context.Canceled, "work(2) cancels ctx")
		if want := []int{1, 2}; !slices.Equal(order, want) {
			t.Errorf("ForEach(ctx, 1, {1, 2, 3, 4}, work) calls work for %v, want %v: work(2) cancels ctx", order, want)
		}
	})
	interleave.Explore(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(background)
		err := semaphore.ForEach(ctx, 1, []int{1, 2}, func(i int) {
			if i == 2 {
				cancel()
			}
		})
		exam.Error(t, "ForEach(ctx, 1, {1, 2}, work)", err, nil, "work(2) cancels ctx, but 2 is the last item")
	})
	for _, limit := range []int{1, 2, 3} {
		for n := range 4 {
			interleave.Explore(t, func(t *testing.T) {
				var calls exam.Count
				err := semaphore.ForEach(ended(), limit, make([]int, n), func(int) { calls.Add() })
				call := fmt.Sprintf("ForEach(ctx, %d, items, work)", limit)
				if n == 0 {
					exam.Error(t, call, err, nil, "there are no items, so none is left out; ctx had ended before")
				} else {
					exam.Error(t, call, err, context.Canceled, fmt.Sprintf("items are %d, and ctx had ended before", n))
				}
				exam.Equal(t, "calls of work, of "+call, calls.Load(), 0, fmt.Sprintf("items are %d, and ctx had ended before", n))
			}, interleave.Preemptions(1), interleave.Budget(20), interleave.Schedules(5))
		}
	}
	interleave.Explore(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(background)
		var calls [3]exam.Count
		semaphore.ForEach(ctx, 2, []int{0, 1, 2}, func(i int) { calls[i].Add(); cancel() })
		var called []int
		for i := range calls {
			called = append(called, calls[i].Load())
		}
		if left := slices.Index(called, 0); left >= 0 && slices.Max(called[left:]) > 0 {
			t.Errorf("item %d is left out, and one whose turn comes after it is not: calls of work for each item = %v, ForEach(ctx, 2, {0, 1, 2}, work), and the first work cancels ctx", left, called)
		}
	})
	interleave.Explore(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeoutCause(background, time.Millisecond, errCause)
		defer cancel()
		var calls exam.Count
		err := semaphore.ForEach(ctx, 1, []int{1, 2}, func(int) { calls.Add(); settle() })
		exam.Error(t, "ForEach(ctx, 1, {1, 2}, work)", err, context.DeadlineExceeded, "the deadline of ctx passes while work(1) runs")
		exam.Equal(t, "calls of work", calls.Load(), 1, "the deadline of ctx passes while work(1) runs")
	})
	for _, c := range []struct {
		limit, items int
		want         error
	}{
		{1, 1, nil}, {1, 2, context.Canceled},
		{2, 2, nil}, {2, 3, context.Canceled},
		{3, 2, nil}, {3, 4, context.Canceled},
	} {
		begun := min(c.limit, c.items)
		for _, who := range []int{0, begun - 1} {
			interleave.Explore(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(background)
				call := fmt.Sprintf("ForEach(ctx, %d, {0, ... %d}, work)", c.limit, c.items-1)
				together := exam.NewRendezvous(t, begun, "calls of work, of "+call)
				finished := make([]bool, c.items)
				err := semaphore.ForEach(ctx, c.limit, []int{0, 1, 2, 3}[:c.items], func(i int) {
					together.Meet()
					if i == who {
						cancel()
					}
					for range i + 1 { // ctx has ended for everybody, and they end in order
						settle()
					}
					finished[i] = true
				})
				exam.Error(t, call, err, c.want, fmt.Sprintf("work(%d) cancels ctx when as many calls run as may", who))
				if want := []bool{true, true, true, true}; !slices.Equal(finished[:begun], want[:begun]) || slices.Contains(finished[begun:], true) {
					t.Errorf("calls of work that have returned = %v, want the first %d: when %s returns, after work(%d) has cancelled ctx while so many ran", finished, begun, call, who)
				}
			}, interleave.Preemptions(1), interleave.Budget(100), interleave.Schedules(100))
		}
	}
}
