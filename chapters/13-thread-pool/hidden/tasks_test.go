//go:build grade

package hidden

import (
	"context"
	"slices"
	"testing"

	pool "lockstep/chapters/13-thread-pool"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// TestTaskSubmits checks that a task can submit another one to a pool that is full, and does not wait for it.
//
//grade:todo 13.5
//grade:points 2
//grade:needs TestBacklog TestClose
func TestTaskSubmits(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 0)
		own := make(chan *pool.Future[int], 1)
		children := make(chan *pool.Future[int], 2)
		parent := submit(t, background, p, "the worker is free", func(ctx context.Context) (int, error) {
			me := <-own
			for range 2 {
				child, err := pool.Submit(ctx, p, func(ctx context.Context) (int, error) {
					value, err := me.Result(ctx) // which is done when the worker is free
					return value + 1, err
				})
				exam.Error(t, "Submit(ctx, p, task)", err, nil, "called by a task, and the pool is full")
				children <- child
			}
			return 7, nil
		})
		own <- parent
		result(t, parent, 7, nil, "the task submitted two others, and returned 7")
		for range 2 {
			result(t, <-children, 8, nil, "the task returned what its parent had, and one more")
		}
		p.Close()
	})
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 0)
		gate := newGate()
		parent := submit(t, background, p, "the worker is free", func(ctx context.Context) (int, error) {
			<-gate.open
			_, err := pool.Submit(ctx, p, returns(1))
			exam.Error(t, "Submit(ctx, p, task)", err, pool.ErrClosed, "called by a task, and the pool is closed")
			return 7, nil
		})
		p.Close()
		close(gate.open)
		result(t, parent, 7, nil, "the task returned 7")
	})
}

// TestTaskWaits checks that a task can wait for one that it has submitted, and that one for another, with only one worker.
//
//grade:todo 13.5
//grade:points 3
//grade:needs TestTaskSubmits TestPanic TestCancelAtTheStart
func TestTaskWaits(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 0)
		var sum func(n int) func(context.Context) (int, error)
		sum = func(n int) func(context.Context) (int, error) {
			return func(ctx context.Context) (int, error) {
				if n == 0 {
					return 0, nil
				}
				child, err := pool.Submit(ctx, p, sum(n-1))
				if err != nil {
					return 0, err
				}
				less, err := child.Result(ctx)
				return n + less, err
			}
		}
		result(t, submit(t, background, p, "the worker is free", sum(3)), 6, nil, "the task adds 3 and what its child returns, that one 2 and what its own child returns, and so on; 1 worker")
		result(t, submit(t, background, p, "the worker is free", returns(7)), 7, nil, "the task returned 7; before it there was one that waited for others")
		p.Close()
	})
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 0)
		parent := submit(t, background, p, "the worker is free", func(ctx context.Context) (int, error) {
			bad, _ := pool.Submit(ctx, p, exploding)
			_, err := bad.Result(ctx)
			panicked(t, "Result(ctx)", err, "called by a task; the task that it waits for panicked")
			child, _ := pool.Submit(ctx, p, returns(1))
			if child.Cancel() {
				result(t, child, 0, pool.ErrCancelled, "the task has been cancelled")
				_, err = child.Result(ctx)
				exam.Error(t, "Result(ctx)", err, pool.ErrCancelled, "called by a task; the one that it waits for has been cancelled")
			} else {
				t.Error("Cancel() = false, want true: the task has not begun, for its parent has the only worker")
			}
			return 7, nil
		})
		result(t, parent, 7, nil, "the task returned 7; one that it had waited for panicked, another one it had cancelled")
		p.Close()
	})
}

// TestTaskWaitsForAnother checks that a task can wait for one that somebody else has submitted, whatever else waits for its turn.
//
//grade:todo 13.5
//grade:points 2
//grade:needs TestTaskWaits
func TestTaskWaitsForAnother(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 2)
		last := make(chan *pool.Future[int], 1)
		first := submit(t, background, p, "the worker is free", func(ctx context.Context) (int, error) {
			value, err := (<-last).Result(ctx)
			return value + 1, err
		})
		second := submit(t, background, p, "there is room in the backlog", func(ctx context.Context) (int, error) {
			value, err := first.Result(ctx)
			return value + 1, err
		})
		third := submit(t, background, p, "there is room in the backlog", returns(7))
		last <- third
		const when = "the first task waits for the third, and the second, which was submitted before the third, for the first; 1 worker"
		result(t, third, 7, nil, when)
		result(t, first, 8, nil, when)
		result(t, second, 9, nil, when)
		p.Close()
	})
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(2, 1)
		var ran exam.Count
		child := make(chan *pool.Future[int], 2)
		wait := func(ctx context.Context) (int, error) {
			value, err := (<-child).Result(ctx)
			return value + 1, err
		}
		one := submit(t, background, p, "a worker is free", wait)
		other := submit(t, background, p, "a worker is free", wait)
		both := submit(t, background, p, "there is room in the backlog", func(context.Context) (int, error) { return ran.Add(), nil })
		child <- both
		child <- both
		const when = "two tasks wait for a third, which returns how often it has been run; 2 workers"
		result(t, one, 2, nil, when)
		result(t, other, 2, nil, when)
		p.Close()
	}, brief()...)
}

// TestTaskMaps checks that a call of Map can call Map itself, with fewer workers than there are levels.
//
//grade:todo 13.5
//grade:points 2
//grade:needs TestTaskWaits TestMap
func TestTaskMaps(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 0)
		got, err := pool.Map(background, p, []int{10, 20}, func(ctx context.Context, tens int) (int, error) {
			sums, err := pool.Map(ctx, p, []int{1, 2}, func(_ context.Context, ones int) (int, error) {
				return tens + ones, nil
			})
			if want := []int{tens + 1, tens + 2}; err == nil && !slices.Equal(sums, want) {
				t.Errorf("Map(ctx, p, {1, 2}, f) in a task = %v, want %v: f adds %d", sums, want, tens)
			}
			return len(sums) + tens, err
		})
		same(t, got, err, []int{12, 22}, "with an f that calls Map with 2 items, and adds how many results that has; 1 worker")
		p.Close()
	}, brief()...)
}
