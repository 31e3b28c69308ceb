//go:build grade

package hidden

import (
	"context"
	"runtime"
	"slices"
	"testing"
	"time"

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

// TestWaitingIsNotRunning checks that there are never more tasks running than workers, however many wait for others.
//
//grade:todo 13.5
//grade:points 2
//grade:needs TestTaskWaits
func TestWaitingIsNotRunning(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 1)
		var running exam.Peak
		run := func() {
			running.Enter()
			runtime.Gosched()
			running.Leave()
		}
		parent := submit(t, background, p, "the worker is free", func(ctx context.Context) (int, error) {
			run()
			child, _ := pool.Submit(ctx, p, func(context.Context) (int, error) { run(); return 7, nil })
			run()
			value, err := child.Result(ctx)
			run()
			return value, err
		})
		stranger := submit(t, background, p, "there is room in the backlog", func(context.Context) (int, error) { run(); return 8, nil })
		result(t, stranger, 8, nil, "the task returned 8")
		result(t, parent, 7, nil, "the task returned what its child did")
		exam.Equal(t, "tasks at the same time", running.Most(), 1, "1 worker; those that wait in Result do not count")
		p.Close()
	})
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 0)
		var running exam.Peak
		parent := submit(t, background, p, "the worker is free", func(ctx context.Context) (int, error) {
			child, _ := pool.Submit(ctx, p, func(context.Context) (int, error) {
				running.Enter()
				time.Sleep(long)
				running.Leave()
				return 7, nil
			})
			impatient, cancel := context.WithTimeout(ctx, soon)
			defer cancel()
			child.Result(impatient)
			running.Enter()
			time.Sleep(long)
			running.Leave()
			return child.Result(ctx)
		})
		result(t, parent, 7, nil, "the task returned what its child did, for which it did not want to wait at first")
		exam.Equal(t, "tasks at the same time", running.Most(), 1, "1 worker; ctx ended while a task was waiting in Result(ctx) for another one, which had begun")
		p.Close()
	})
}

// TestOutsiders checks that those who are no tasks of the pool, be they tasks of another one, wait like everybody.
//
//grade:todo 13.5
//grade:points 2
//grade:needs TestTaskWaits
func TestOutsiders(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		p, other := pool.New(1, 1), pool.New(1, 0)
		gate := newGate()
		gate.occupy(t, p)
		var ran, returned exam.Count
		future := submit(t, background, p, "there is room in the backlog", func(context.Context) (int, error) { return ran.Add(), nil })
		outsider := submit(t, background, other, "a worker is free", func(ctx context.Context) (int, error) {
			last, err := pool.Submit(ctx, p, returns(7))
			exam.Error(t, "Submit(ctx, p, task)", err, nil, "called by a task of another pool; it blocked until there was room")
			returned.Add()
			return last.Result(ctx)
		})
		go func() {
			settle()
			exam.Equal(t, "Submits that have returned", returned.Load(), 0, "called by a task of another pool, when the worker is busy and the backlog is full")
			exam.Equal(t, "runs of the task", ran.Load(), 0, "somebody waits for it, and the only worker is busy")
			close(gate.open)
		}()
		result(t, future, 1, nil, "the task returned how often it has been run")
		result(t, outsider, 7, nil, "the task waits for one of another pool, which returned 7")
		p.Close()
		other.Close()
	}, brief()...)
	interleave.Explore(t, func(t *testing.T) {
		p, other := pool.New(1, 0), pool.New(1, 0)
		outer := submit(t, background, p, "the worker is free", func(ctx context.Context) (int, error) {
			inner, err := pool.Submit(ctx, other, func(ctx context.Context) (int, error) {
				innermost, err := pool.Submit(ctx, other, returns(7))
				if err != nil {
					return 0, err
				}
				return innermost.Result(ctx)
			})
			if err != nil {
				return 0, err
			}
			return inner.Result(ctx)
		})
		result(t, outer, 7, nil, "a task waits for one of another pool, and that one for one of its own pool; 1 worker in each")
		p.Close()
		other.Close()
	}, brief()...)
	interleave.Explore(t, func(t *testing.T) {
		p, other := pool.New(1, 0), pool.New(1, 0)
		var returned exam.Count
		outer := submit(t, background, p, "the worker is free", func(ctx context.Context) (int, error) {
			inner, err := pool.Submit(ctx, other, func(ctx context.Context) (int, error) {
				last, err := pool.Submit(ctx, p, returns(7))
				returned.Add()
				if err != nil {
					return 0, err
				}
				return last.Result(ctx)
			})
			exam.Error(t, "Submit(ctx, p, task)", err, nil, "called by a task of another pool; a worker is free")
			settle()
			exam.Equal(t, "Submits that have returned", returned.Load(), 0, "called by a task of another pool, with a context that comes from a task of this one; the worker is busy and there is no backlog")
			go func() { result(t, inner, 7, nil, "the task waits for one of another pool, which returned 7") }()
			return 8, nil
		})
		result(t, outer, 8, nil, "the task returned 8")
		settle()
		p.Close()
		other.Close()
	}, brief()...)
}

// TestAtFullSpeed checks that a pool holds when all cores run it.
//
//grade:todo 13.5
//grade:points 1
//grade:needs TestTaskWaits TestShutdown
func TestAtFullSpeed(t *testing.T) {
	exam.Within(t, "100 tasks, each of which waits for one of its own", func() {
		p := pool.New(3, 2)
		var running exam.Peak
		sums := make([]int, 5) // each submitter writes its own place
		submitters := make([]func(), len(sums))
		for s := range submitters {
			submitters[s] = func() {
				for n := range 20 {
					future := submit(t, background, p, "the pool is open", func(ctx context.Context) (int, error) {
						child, err := pool.Submit(ctx, p, func(context.Context) (int, error) {
							running.Enter()
							defer running.Leave()
							runtime.Gosched()
							return n, nil
						})
						if err != nil {
							return 0, err
						}
						return child.Result(ctx)
					})
					value, err := future.Result(background)
					if err != nil {
						t.Errorf("Result(ctx) = error %v, want no error: the task returned what its child did", err)
					}
					sums[s] += value
				}
			}
		}
		exam.Together(submitters...)
		for _, sum := range sums {
			exam.Equal(t, "the sum of 20 results", sum, 190, "of the numbers from 0 to 19")
		}
		if most := running.Most(); most > 3 {
			t.Errorf("tasks at the same time = %d, want 3 or fewer: 3 workers", most)
		}
		exam.Error(t, "Shutdown(ctx)", p.Shutdown(background), nil, "all tasks have ended")
	})
}
