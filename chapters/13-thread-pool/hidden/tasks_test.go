//go:build grade

package hidden

import (
	"context"
	"fmt"
	"io"
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
	interleave.Once(t, func(t *testing.T) {
		p := pool.New(1, 0)
		parent := submit(t, background, p, "the worker is free", func(ctx context.Context) (int, error) {
			derived, cancel := context.WithTimeout(ctx, time.Minute)
			defer cancel()
			for i := range many {
				_, err := pool.Submit(derived, p, returns(i))
				if !exam.Error(t, "Submit(ctx, p, task)", err, nil, fmt.Sprintf("called by a task, which has submitted %d others; ctx ends after a minute", i)) {
					break
				}
			}
			return 7, nil
		})
		result(t, parent, 7, nil, fmt.Sprintf("the task submitted %d others, and returned 7", many))
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
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 1)
		ctx, cancel := context.WithCancel(background)
		var ran exam.Count
		parent := submit(t, ctx, p, "the worker is free", func(ctx context.Context) (int, error) {
			never := func(context.Context) (int, error) { return ran.Add(), nil }
			derived, stop := context.WithTimeout(ctx, 0)
			defer stop()
			_, err := pool.Submit(derived, p, never)
			exam.Error(t, "Submit(ctx, p, task)", err, context.DeadlineExceeded, "called by a task, with a context that is derived from its own, and has ended")
			cancel()
			settle()
			_, err = pool.Submit(ctx, p, never)
			exam.Error(t, "Submit(ctx, p, task)", err, context.Canceled, "called by a task whose context has ended, with that context")
			return 7, nil
		})
		result(t, parent, 7, nil, "the task returned 7")
		settle()
		exam.Equal(t, "runs of tasks", ran.Load(), 0, "of those whose Submit returned an error")
		p.Close()
	}, brief()...)
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 0)
		gate := newGate()
		parent := submit(t, background, p, "the worker is free", func(ctx context.Context) (int, error) {
			<-gate.open
			_, err := pool.Submit(ctx, p, returns(7))
			exam.Error(t, "Submit(ctx, p, task)", err, nil, "called by a task; the pool is full, and another Submit, which no task has called, blocks")
			return 8, nil
		})
		exam.Together(
			func() {
				result(t, submit(t, background, p, "it blocked until there was room", returns(9)), 9, nil, "the task returned 9")
			},
			func() {
				settle() // until the other one blocks
				close(gate.open)
			},
		)
		result(t, parent, 8, nil, "the task submitted another one, and returned 8")
		p.Close()
	}, brief()...)
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
	interleave.Once(t, func(t *testing.T) {
		p := pool.New(1, 0)
		var count func(n int) func(context.Context) (int, error)
		count = func(n int) func(context.Context) (int, error) {
			return func(ctx context.Context) (int, error) {
				if n == 0 {
					return 0, nil
				}
				child, err := pool.Submit(ctx, p, count(n-1))
				if err != nil {
					return 0, err
				}
				value, err := child.Result(ctx)
				return value + 1, err
			}
		}
		result(t, submit(t, background, p, "the worker is free", count(many)), many, nil, fmt.Sprintf("%d tasks, each of which waits for the next; 1 worker", many))
		p.Close()
	})
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 0)
		parent := submit(t, background, p, "the worker is free", func(ctx context.Context) (int, error) {
			child, _ := pool.Submit(ctx, p, returns(1))
			if child.Cancel() {
				result(t, child, 0, pool.ErrCancelled, "the task has been cancelled")
				_, err := child.Result(ctx)
				exam.Error(t, "Result(ctx)", err, pool.ErrCancelled, "called by a task; the one that it waits for has been cancelled")
			} else {
				t.Error("Cancel() = false, want true: the task has not begun, for its parent has the only worker")
			}
			child, _ = pool.Submit(ctx, p, returns(2))
			gone, cancel := context.WithCancel(ctx)
			cancel()
			child.Result(gone) // does not cancel it
			value, err := child.Result(ctx)
			exam.Error(t, "Result(ctx)", err, nil, "called by a task; the other one returned 2, and has not been cancelled by a Result whose ctx had ended before")
			exam.Equal(t, "Result(ctx)", value, 2, "called by a task; the other one returned 2")
			value, err = child.Result(gone)
			exam.Error(t, "Result(ctx)", err, nil, "called by a task; ctx had ended before, but the future is done")
			exam.Equal(t, "Result(ctx)", value, 2, "called by a task; ctx had ended before, but the future is done")
			return 7, nil
		})
		result(t, parent, 7, nil, "the task returned 7; of two that it had submitted it has cancelled one")
		p.Close()
	})
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 0)
		outcomes := []struct {
			what  string
			task  func(context.Context) (int, error)
			value int
			err   error
		}{
			{"the task returned 7", returns(7), 7, nil},
			{"the task returned 7 and io.EOF", func(context.Context) (int, error) { return 7, io.EOF }, 7, io.EOF},
			{"the task panicked", exploding, 0, io.ErrUnexpectedEOF},
		}
		var children []*pool.Future[int]
		parent := submit(t, background, p, "the worker is free", func(ctx context.Context) (int, error) {
			for _, outcome := range outcomes {
				child := submit(t, ctx, p, "called by a task", outcome.task)
				value, err := child.Result(ctx)
				exam.Error(t, "Result(ctx)", err, outcome.err, "called by a task that waits for another one; "+outcome.what)
				exam.Equal(t, "Result(ctx)", value, outcome.value, "called by a task that waits for another one; "+outcome.what)
				children = append(children, child)
			}
			return 8, nil
		})
		result(t, parent, 8, nil, "the task returned 8, after it had waited for others")
		for i, child := range children {
			result(t, child, outcomes[i].value, outcomes[i].err, outcomes[i].what+"; now somebody asks who is no task")
		}
		_, err := children[2].Result(background)
		panicked(t, "Result(ctx)", err, "a task that another one waited for panicked")
		p.Close()
	}, brief()...)
	type name struct{}
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 0)
		parent := submit(t, background, p, "the worker is free", func(ctx context.Context) (string, error) {
			own, cancel := context.WithCancel(context.WithValue(ctx, name{}, "Ada"))
			defer cancel()
			child := submit(t, own, p, "called by a task", func(ctx context.Context) (string, error) {
				time.Sleep(long)
				value, _ := ctx.Value(name{}).(string)
				exam.Error(t, "ctx.Err() in a task", ctx.Err(), nil, "the context of its Submit has not ended, but that of a Result(ctx) which another task called")
				cancel()
				settle()
				exam.Error(t, "ctx.Err() in a task", ctx.Err(), context.Canceled, "the context of its Submit has ended, but not that of the task that called Submit and waits in Result(ctx)")
				return value, nil
			})
			impatient, stop := context.WithTimeout(context.WithValue(ctx, name{}, "Bob"), soon)
			defer stop()
			child.Result(impatient)
			return child.Result(ctx)
		})
		result(t, parent, "Ada", nil, "a task returns what its child did: a value of the child's context, which is that of its Submit, and not that of Result")
		p.Close()
	}, brief()...)
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
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(2, 0)
		free := make(chan struct{})
		both := exam.NewRendezvous(t, 2, "tasks of a pool with 2 workers: a child for which its parent waits, and the next in the queue; one worker is the parent's, the other has become free")
		meet := func() (int, error) { both.Meet(); return 7, nil }
		other := submit(t, background, p, "a worker is free", func(context.Context) (int, error) { <-free; return 1, nil })
		parent := submit(t, background, p, "a worker is free", func(ctx context.Context) (int, error) {
			child, _ := pool.Submit(ctx, p, func(context.Context) (int, error) { close(free); return meet() })
			next, _ := pool.Submit(ctx, p, func(context.Context) (int, error) { return meet() })
			child.Result(ctx)
			return next.Result(ctx)
		})
		result(t, other, 1, nil, "the task returned 1 when the child of the other one had begun")
		result(t, parent, 7, nil, "the task returned what the second of its children did")
		p.Close()
	}, brief()...)
	for _, ends := range []struct {
		when      string
		early, at bool
	}{
		{"ctx did not end", false, false},
		{"ctx ended at the same time", false, true},
		{"ctx ended before", true, false},
	} {
		interleave.Explore(t, func(t *testing.T) {
			p := pool.New(2, 0)
			cancels := make(chan context.CancelFunc, 1)
			first := submit(t, background, p, "a worker is free", func(context.Context) (int, error) {
				cancel := <-cancels
				settle() // until the other one waits
				if ends.early {
					cancel()
					settle()
				}
				if ends.at {
					cancel()
				}
				return 7, nil
			})
			waiter := submit(t, background, p, "a worker is free", func(ctx context.Context) (int, error) {
				derived, cancel := context.WithCancel(ctx)
				defer cancel()
				cancels <- cancel
				first.Result(derived)
				return 8, nil
			})
			result(t, first, 7, nil, "the task returned 7, and another one waited for it")
			result(t, waiter, 8, nil, "the task returned 8, after it had waited for another one; "+ends.when)
			both := exam.NewRendezvous(t, 2, "tasks of a pool with 2 workers, after one waited for another in Result(ctx), and "+ends.when)
			meet := func(context.Context) (int, error) { both.Meet(); return 9, nil }
			one := submit(t, background, p, "both workers are free, or will be", meet)
			other := submit(t, background, p, "both workers are free, or will be", meet)
			result(t, one, 9, nil, "the task returned 9")
			result(t, other, 9, nil, "the task returned 9")
			p.Close()
		}, brief()...)
	}
}

// TestTaskMaps checks that a call of Map can call Map itself, with fewer workers than there are levels.
//
//grade:todo 13.5
//grade:points 2
//grade:needs TestTaskWaits TestMapFails
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
	for _, failing := range []struct {
		when string
		call func(cancel func()) (int, error)
		want error
	}{
		{"f returns io.EOF", func(func()) (int, error) { return 1, io.EOF }, io.EOF},
		{"f panics", func(func()) (int, error) { return exploding(background) }, io.ErrUnexpectedEOF},
		{"f ends ctx", func(cancel func()) (int, error) { cancel(); return 1, nil }, context.Canceled},
	} {
		interleave.Explore(t, func(t *testing.T) {
			p := pool.New(1, 0)
			var calls exam.Count
			when := "called by a task, with 3 items; " + failing.when + " when it is called first; 1 worker"
			parent := submit(t, background, p, "the worker is free", func(ctx context.Context) (int, error) {
				derived, cancel := context.WithCancel(ctx)
				defer cancel()
				got, err := pool.Map(derived, p, []int{1, 2, 3}, func(context.Context, int) (int, error) {
					if calls.Add() == 1 {
						return failing.call(cancel)
					}
					time.Sleep(long) // may have its turn at that moment
					return 2, nil
				})
				failed(t, got, err, failing.want, when)
				return 7, nil
			})
			result(t, parent, 7, nil, "the task returned 7, after a Map of its own had failed")
			if calls.Load() > 2 {
				t.Errorf("f is called %d times, want no more calls long after Map has failed: %s", calls.Load(), when)
			}
			p.Close()
		}, brief()...)
	}
}
