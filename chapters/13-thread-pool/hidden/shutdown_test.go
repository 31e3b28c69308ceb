//go:build grade

package hidden

import (
	"context"
	"runtime"
	"testing"
	"time"

	pool "lockstep/chapters/13-thread-pool"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// TestCloseWakesSubmit checks that a Submit that blocks returns when the pool is closed, and its task is never run.
//
//grade:todo 13.4
//grade:points 1
//grade:needs TestBacklog TestClose
func TestCloseWakesSubmit(t *testing.T) {
	for _, closing := range []struct {
		name string
		call func(*pool.Pool)
	}{
		{"Close()", (*pool.Pool).Close},
		{"CloseNow()", (*pool.Pool).CloseNow},
	} {
		interleave.Explore(t, func(t *testing.T) {
			p := pool.New(1, 0)
			gate := newGate()
			gate.occupy(t, p)
			var ran, returned exam.Count
			submitting := func() {
				_, err := pool.Submit(background, p, func(context.Context) (int, error) { return ran.Add(), nil })
				exam.Error(t, "Submit(ctx, p, task)", err, pool.ErrClosed, "it blocked, and then the pool was closed")
				returned.Add()
			}
			exam.Together(submitting, submitting, func() {
				settle()
				closing.call(p)
				settle()
				exam.Equal(t, "Submits that have returned", returned.Load(), 2, "2 blocked because the pool was full; then "+closing.name+"; the worker is still busy")
				close(gate.open)
			})
			settle()
			exam.Equal(t, "runs of tasks", ran.Load(), 0, "their Submit returned an error")
		}, brief()...)
	}
}

// TestSubmitWhileClosing checks that a task which comes just as the pool is closed is refused or run, and never forgotten.
//
//grade:todo 13.4
//grade:points 2
//grade:needs TestClose
func TestSubmitWhileClosing(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 1)
		var ran exam.Count
		var future *pool.Future[int]
		var err error
		exam.Together(
			func() {
				future, err = pool.Submit(background, p, func(context.Context) (int, error) { return 6 + ran.Add(), nil })
			},
			p.Close,
		)
		if err == nil {
			result(t, future, 7, nil, "Submit returned no error, while Close was called")
		} else {
			exam.Error(t, "Submit(ctx, p, task)", err, pool.ErrClosed, "Close was called at the same time")
			settle()
			exam.Equal(t, "runs of the task", ran.Load(), 0, "its Submit returned an error")
		}
	}, brief()...)
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 0)
		gate := newGate()
		gate.occupy(t, p)
		var future *pool.Future[int]
		var err error
		exam.Together(
			func() { future, err = pool.Submit(background, p, returns(7)) },
			func() { close(gate.open) },
			p.Close,
		)
		if err == nil {
			result(t, future, 7, nil, "Submit returned no error; it blocked until there was room, or the pool was closed")
		} else {
			exam.Error(t, "Submit(ctx, p, task)", err, pool.ErrClosed, "it blocked; there was room when the pool was closed")
		}
	}, brief()...)
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 1)
		exam.Together(p.Close, p.Close, p.CloseNow)
		exam.Error(t, "Shutdown(ctx)", p.Shutdown(background), nil, "the pool has been closed three times at once")
	}, brief()...)
}

// TestShutdown checks that Shutdown waits for all tasks that have been accepted, and tells everybody who waits.
//
//grade:todo 13.4
//grade:points 2
//grade:needs TestClose TestCancelAtTheStart
func TestShutdown(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(2, 1)
		written := make([]int, 3) // each task writes its own place, and they are read after Shutdown
		var futures []*pool.Future[int]
		for i := range written {
			futures = append(futures, submit(t, background, p, "there is room", func(context.Context) (int, error) {
				time.Sleep(time.Duration(i) * long)
				written[i] = 7
				return 0, nil
			}))
		}
		shutdown := func() {
			exam.Error(t, "Shutdown(ctx)", p.Shutdown(background), nil, "3 tasks, 2 workers")
			for i, future := range futures {
				exam.Equal(t, "what a task wrote", written[i], 7, "when Shutdown has returned")
				exam.Equal(t, "Done() is closed", isDone(future), true, "Shutdown has returned")
			}
		}
		exam.Together(shutdown, shutdown)
		exam.Error(t, "Shutdown(ctx)", p.Shutdown(ended()), nil, "ctx had ended before, but so had all tasks")
	}, brief()...)
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 1)
		future := submit(t, background, p, "the worker is free", returns(7))
		exam.Together(
			func() { future.Cancel() },
			func() {
				exam.Error(t, "Shutdown(ctx)", p.Shutdown(background), nil, "the only task has been accepted")
				exam.Equal(t, "Done() is closed", isDone(future), true, "Shutdown has returned; the task was being cancelled")
			},
		)
	}, interleave.Preemptions(1))
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 1)
		over := false
		children := make(chan *pool.Future[int], 1)
		gate := newGate()
		parent := submit(t, background, p, "the worker is free", func(ctx context.Context) (int, error) {
			child, err := pool.Submit(ctx, p, func(context.Context) (int, error) {
				time.Sleep(long)
				over = true
				return 7, nil
			})
			exam.Error(t, "Submit(ctx, p, task)", err, nil, "called by a task, and there is room in the backlog")
			children <- child
			<-gate.open
			return 8, nil
		})
		child := <-children
		go func() {
			settle()
			close(gate.open)
		}()
		exam.Error(t, "Shutdown(ctx)", p.Shutdown(background), nil, "a task has submitted another one, whose turn has not come when Shutdown is called")
		exam.Equal(t, "the task of a task has ended", over, true, "Shutdown has returned")
		exam.Equal(t, "Done() is closed", isDone(child), true, "Shutdown has returned")
		result(t, child, 7, nil, "the task returned 7; a task had submitted it before Shutdown was called")
		result(t, parent, 8, nil, "the task returned 8")
	}, few()...)
	interleave.Explore(t, func(t *testing.T) {
		exam.Error(t, "Shutdown(ctx)", pool.New(2, 0).Shutdown(background), nil, "there are no tasks")
	})
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 0)
		gate := newGate()
		future := gate.occupy(t, p)
		exam.Together(
			func() {
				exam.Error(t, "Shutdown(ctx)", p.Shutdown(endless()), nil, "ctx does not end, and the task takes days")
				exam.Equal(t, "Done() is closed", isDone(future), true, "Shutdown has returned")
			},
			func() {
				runtime.Gosched()
				close(gate.open)
			},
		)
	}, interleave.DaysMayPass())
}

// TestShutdownContext checks that Shutdown stops waiting when its context ends, and the pool goes on closing.
//
//grade:todo 13.4
//grade:points 2
//grade:needs TestShutdown TestCloseWakesSubmit
func TestShutdownContext(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 2)
		gate := newGate()
		running := gate.occupy(t, p)
		waiting := submit(t, background, p, "there is room in the backlog", returns(2))
		cancelled := submit(t, background, p, "there is room in the backlog", returns(3))
		ctx, cancel := context.WithTimeoutCause(background, soon, errCause)
		defer cancel()
		exam.Error(t, "Shutdown(ctx)", p.Shutdown(ctx), context.DeadlineExceeded, "a task is running, and ctx ends after 50ms")
		exam.Error(t, "Shutdown(ctx)", p.Shutdown(ended()), context.Canceled, "a task is running, and ctx had ended before")
		_, err := pool.Submit(background, p, returns(3))
		exam.Error(t, "Submit(ctx, p, task)", err, pool.ErrClosed, "Shutdown has given up, but has closed the pool")
		exam.Equal(t, "Cancel()", cancelled.Cancel(), true, "Shutdown has given up, and the task has not begun")
		go func() {
			settle()
			close(gate.open)
		}()
		exam.Error(t, "Shutdown(ctx)", p.Shutdown(endless()), nil, "ctx does not end; two others had given up; of three tasks one has been cancelled")
		result(t, running, 1, nil, "the task returned 1, after a Shutdown had given up")
		result(t, waiting, 2, nil, "the task had been accepted, and returned 2 after a Shutdown had given up")
		exam.Error(t, "Shutdown(ctx)", p.Shutdown(background), nil, "after one that had given up")
	})
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 1)
		gate := newGate()
		gate.occupy(t, p)
		p.Shutdown(ended())
		_, err := pool.Submit(background, p, returns(3))
		exam.Error(t, "Submit(ctx, p, task)", err, pool.ErrClosed, "Shutdown has been called, with a ctx that had ended before")
		close(gate.open)
	})
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 1)
		gate := newGate()
		gate.occupy(t, p)
		waiting := submit(t, background, p, "there is room in the backlog", returns(2))
		exam.Together(
			func() {
				exam.Error(t, "Shutdown(ctx)", p.Shutdown(background), nil, "it waited until the task had ended")
			},
			func() {
				settle() // until the other one waits
				const when = "another Shutdown waits, whose ctx does not end"
				ctx, cancel := context.WithTimeout(background, soon)
				defer cancel()
				exam.Error(t, "Shutdown(ctx)", p.Shutdown(ctx), context.DeadlineExceeded, "a task is running, ctx ends after 50ms, and "+when)
				_, err := pool.Submit(background, p, returns(3))
				exam.Error(t, "Submit(ctx, p, task)", err, pool.ErrClosed, when)
				exam.Equal(t, "Cancel()", waiting.Cancel(), true, "the task has not begun, and "+when)
				p.Close()
				close(gate.open)
			},
		)
	}, few()...)
}

// TestCloseNow checks that CloseNow cancels what has not begun, at once, and lets go on what has.
//
//grade:todo 13.4
//grade:points 2
//grade:needs TestOrder TestCloseWakesSubmit TestCancel
func TestCloseNow(t *testing.T) {
	for _, closed := range []bool{false, true} {
		interleave.Explore(t, func(t *testing.T) {
			p := pool.New(1, 2)
			gate := newGate()
			running := gate.occupy(t, p)
			var ran exam.Count
			never := func(context.Context) (int, error) { return ran.Add(), nil }
			second := submit(t, background, p, "there is room in the backlog", never)
			third := submit(t, background, p, "there is room in the backlog", never)
			if closed {
				p.Close()
			}
			p.CloseNow()
			settle()
			for _, future := range []*pool.Future[int]{second, third} {
				exam.Equal(t, "Done() is closed", isDone(future), true, "CloseNow has been called, and the task had not begun; another one is running")
				result(t, future, 0, pool.ErrCancelled, "CloseNow was called, and the task had not begun")
				exam.Equal(t, "Cancel()", future.Cancel(), true, "CloseNow has cancelled the task")
			}
			_, err := pool.Submit(background, p, never)
			exam.Error(t, "Submit(ctx, p, task)", err, pool.ErrClosed, "CloseNow has been called")
			exam.Equal(t, "Done() is closed", isDone(running), false, "CloseNow has been called while the task was running")
			close(gate.open)
			result(t, running, 1, nil, "the task returned 1, and CloseNow was called while it ran")
			exam.Error(t, "Shutdown(ctx)", p.Shutdown(background), nil, "after CloseNow")
			exam.Equal(t, "runs of tasks", ran.Load(), 0, "they had not begun when CloseNow was called")
		})
	}
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 2)
		gate := newGate()
		running := submit(t, background, p, "the worker is free", func(ctx context.Context) (error, error) {
			<-gate.open
			child := submit(t, ctx, p, "called by a task; there is room in the backlog", returns(3))
			p.CloseNow()
			settle()
			_, err := child.Result(ctx)
			exam.Error(t, "Result(ctx)", err, pool.ErrCancelled, "called by a task that has submitted another one, and then called CloseNow")
			return ctx.Err(), nil
		})
		waiting := submit(t, background, p, "there is room in the backlog", returns(2))
		close(gate.open)
		result(t, waiting, 0, pool.ErrCancelled, "the task before it called CloseNow")
		result(t, running, nil, nil, "the task called CloseNow, and returned ctx.Err() of its own context")
	})
}

// TestCloseNowAtTheStart checks that CloseNow forgets no task whose turn comes just then, and that none begins later.
//
//grade:todo 13.4
//grade:points 2
//grade:needs TestCloseNow TestShutdown
func TestCloseNowAtTheStart(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 2)
		var ran, late, called exam.Count
		task := func(context.Context) (int, error) {
			if called.Load() > 0 {
				late.Add()
			}
			return ran.Add(), nil
		}
		futures := []*pool.Future[int]{
			submit(t, background, p, "there is room", task),
			submit(t, background, p, "there is room", task),
			submit(t, background, p, "there is room", task),
		}
		p.CloseNow()
		called.Add()
		exam.Error(t, "Shutdown(ctx)", p.Shutdown(background), nil, "after CloseNow")
		say := 0 // futures that say that their tasks have run
		for _, future := range futures {
			if _, err := future.Result(background); err == nil {
				say++
			} else {
				exam.Error(t, "Result(ctx)", err, pool.ErrCancelled, "CloseNow was called; the task did not run")
			}
		}
		exam.Equal(t, "tasks that have run", ran.Load(), say, "this is how many futures say so; CloseNow was called while the tasks had their turn")
		if late.Load() > 1 {
			t.Errorf("%d tasks have begun since CloseNow returned, want 1 at most, whose turn had come before: 1 worker", late.Load())
		}
	})
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 2)
		gate := newGate()
		gate.occupy(t, p)
		waiting := submit(t, background, p, "there is room in the backlog", returns(2))
		exam.Together(
			func() { p.CloseNow() },
			func() {
				close(gate.open)
				exam.Error(t, "Shutdown(ctx)", p.Shutdown(background), nil, "CloseNow is called at the same time")
				exam.Equal(t, "Done() is closed", isDone(waiting), true, "Shutdown has returned; CloseNow was called at the same time")
			},
		)
	})
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 1)
		gate := newGate()
		gate.occupy(t, p)
		waiting := submit(t, background, p, "there is room in the backlog", returns(2))
		exam.Together(
			p.CloseNow,
			func() {
				exam.Equal(t, "Cancel()", waiting.Cancel(), true, "the task has not begun; CloseNow is called at the same time")
			},
		)
		result(t, waiting, 0, pool.ErrCancelled, "Cancel and CloseNow were called at the same time, and the task had not begun")
		close(gate.open)
	}, brief()...)
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 1)
		gate := newGate()
		gate.occupy(t, p)
		waiting := submit(t, background, p, "there is room in the backlog", returns(2))
		exam.Together(
			func() {
				exam.Error(t, "Shutdown(ctx)", p.Shutdown(background), nil, "it waited until the task had ended")
			},
			func() {
				settle() // until the other one waits
				p.CloseNow()
				settle()
				exam.Equal(t, "Done() is closed", isDone(waiting), true, "CloseNow has been called while Shutdown waited for a task that is running; this one had not begun")
				close(gate.open)
			},
		)
	}, few()...)
}

// TestSubmitWhileShutDown checks that a task which comes just as Shutdown or CloseNow is called is refused, or counts for them, and never begins when they have returned.
//
//grade:todo 13.4
//grade:points 1
//grade:needs TestSubmitWhileClosing TestShutdown TestCloseNow
func TestSubmitWhileShutDown(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 1)
		var over, late exam.Count
		var future *pool.Future[int]
		var err error
		exam.Together(
			func() {
				future, err = pool.Submit(background, p, func(context.Context) (int, error) {
					if over.Load() > 0 {
						late.Add()
					}
					return 7, nil
				})
			},
			func() {
				exam.Error(t, "Shutdown(ctx)", p.Shutdown(background), nil, "a task is submitted at the same time")
				over.Add()
			},
		)
		if err != nil {
			exam.Error(t, "Submit(ctx, p, task)", err, pool.ErrClosed, "Shutdown was called at the same time")
		} else if exam.Equal(t, "Done() is closed", isDone(future), true, "Submit returned no error, and Shutdown, which was called at the same time, has returned") {
			result(t, future, 7, nil, "the task returned 7; Shutdown was called while it was submitted")
		}
		settle()
		exam.Equal(t, "tasks that have begun since Shutdown returned", late.Load(), 0, "one was being submitted when Shutdown was called")
	}, brief()...)
	for _, backlog := range []int{1, 0} {
		interleave.Explore(t, func(t *testing.T) {
			p := pool.New(1, backlog)
			gate := newGate()
			gate.occupy(t, p)
			var ran, returned exam.Count
			var future *pool.Future[int]
			var err error
			exam.Together(
				func() {
					future, err = pool.Submit(background, p, func(context.Context) (int, error) { return ran.Add(), nil })
					returned.Add()
				},
				func() {
					p.CloseNow()
					settle()
					exam.Equal(t, "Submits that have returned", returned.Load(), 1, "one was called at the same time as CloseNow; the worker is still busy")
					close(gate.open)
				},
			)
			if err == nil {
				result(t, future, 0, pool.ErrCancelled, "Submit returned no error, and CloseNow was called at the same time, while the only worker was busy")
			} else {
				exam.Error(t, "Submit(ctx, p, task)", err, pool.ErrClosed, "CloseNow was called at the same time")
			}
			settle()
			exam.Equal(t, "runs of the task", ran.Load(), 0, "it was submitted while CloseNow was called, and the only worker was busy until that had returned")
		}, brief()...)
	}
}

// TestMapWhenClosedNow checks that Map fails when CloseNow has cancelled one of its calls, and waits for the others.
//
//grade:todo 13.4
//grade:points 1
//grade:needs TestCloseNow TestMap
func TestMapWhenClosedNow(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 2)
		finished := 0
		go func() {
			settle()
			p.CloseNow()
		}()
		got, err := pool.Map(background, p, []int{1, 2}, func(_ context.Context, item int) (int, error) {
			time.Sleep(long)
			finished = item
			return item, nil
		})
		failed(t, got, err, pool.ErrCancelled, "CloseNow is called during f(1), and cancels f(2)")
		exam.Equal(t, "the last call of f that has ended", finished, 1, "when Map has returned; CloseNow was called during f(1)")
		p.Close()
	})
}
