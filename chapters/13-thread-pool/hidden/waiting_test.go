//go:build grade

package hidden

import (
	"context"
	"runtime"
	"strconv"
	"testing"
	"time"

	pool "lockstep/chapters/13-thread-pool"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

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
	for _, waits := range []struct {
		patience time.Duration
		closed   bool
	}{{soon, false}, {10 * long, false}, {10 * long, true}} {
		interleave.Explore(t, func(t *testing.T) {
			p := pool.New(2, 2)
			var running exam.Peak
			run := func(ms time.Duration) func(context.Context) (int, error) {
				return func(context.Context) (int, error) {
					running.Enter()
					time.Sleep(ms)
					running.Leave()
					return 7, nil
				}
			}
			first := submit(t, background, p, "a worker is free", run(2*long))
			settle()
			waiter := submit(t, background, p, "a worker is free", func(ctx context.Context) (int, error) {
				patient, cancel := context.WithTimeout(ctx, waits.patience)
				defer cancel()
				first.Result(patient)
				return run(4 * long)(ctx)
			})
			settle()
			others := []*pool.Future[int]{
				submit(t, background, p, "there is room in the backlog", run(4*long)),
				submit(t, background, p, "there is room in the backlog", run(4*long)),
			}
			if waits.closed {
				p.Close()
			}
			for _, future := range append(others, first, waiter) {
				result(t, future, 7, nil, "the task returned 7")
			}
			exam.Equal(t, "tasks at the same time", running.Most(), 2, "2 workers; one task takes 400ms, another one waits for it in Result(ctx), and two more wait for their turn; ctx ends after "+waits.patience.String()+", and the pool is closed before: "+strconv.FormatBool(waits.closed))
			p.Close()
		}, brief()...)
	}
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
	}, few()...)
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
	interleave.Explore(t, func(t *testing.T) {
		p, other := pool.New(1, 1), pool.New(1, 0)
		gate := newGate()
		inner := gate.occupy(t, other)
		var ran exam.Count
		outer := submit(t, background, p, "the worker is free", func(ctx context.Context) (int, error) { return inner.Result(ctx) })
		next := submit(t, background, p, "there is room in the backlog, or will be", func(context.Context) (int, error) { return ran.Add(), nil })
		settle()
		exam.Equal(t, "runs of the task", ran.Load(), 0, "the only worker has a task that waits for one of another pool, and so is running")
		close(gate.open)
		result(t, outer, 1, nil, "the task returned what that of another pool did")
		result(t, next, 1, nil, "the task returned how often it has been run")
		p.Close()
		other.Close()
	}, few()...)
	type task = func(context.Context) (int, error)
	for _, waiting := range []struct {
		name string
		call func(ctx context.Context, p *pool.Pool, task task) (int, error)
	}{
		{"Result(ctx)", func(ctx context.Context, p *pool.Pool, task task) (int, error) {
			future, err := pool.Submit(ctx, p, task)
			if err != nil {
				return 0, err
			}
			return future.Result(ctx)
		}},
		{"Map(ctx, p, items, f)", func(ctx context.Context, p *pool.Pool, task task) (int, error) {
			got, err := pool.Map(ctx, p, []int{1}, func(ctx context.Context, _ int) (int, error) { return task(ctx) })
			return append(got, 0)[0], err
		}},
	} {
		interleave.Explore(t, func(t *testing.T) {
			p, other := pool.New(1, 1), pool.New(1, 0)
			var ran exam.Count
			inner := make(chan *pool.Future[int], 1)
			outer := submit(t, background, p, "the worker is free", func(ctx context.Context) (int, error) {
				future, err := pool.Submit(ctx, other, func(ctx context.Context) (int, error) {
					return waiting.call(ctx, p, func(context.Context) (int, error) { return ran.Add(), nil })
				})
				exam.Error(t, "Submit(ctx, p, task)", err, nil, "called by a task of another pool; a worker is free")
				inner <- future
				settle()
				exam.Equal(t, "runs of the task", ran.Load(), 0, "a task of another pool waits for it in "+waiting.name+", with a context that comes from a task of this one; the only worker is busy")
				return 8, nil
			})
			result(t, outer, 8, nil, "the task returned 8")
			result(t, <-inner, 1, nil, "the task waits for one of another pool in "+waiting.name+", and returns how often that has been run")
			p.Close()
			other.Close()
		}, few()...)
	}
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
