//go:build grade

package hidden

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"testing"
	"time"

	pool "lockstep/chapters/13-thread-pool"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

func TestMain(m *testing.M) { exam.Main(m) }

var background = context.Background()

// brief bounds the explorations of scenarios with many goroutines.
func brief() []interleave.Option {
	return []interleave.Option{interleave.Budget(200), interleave.Schedules(100)}
}

// few bounds those that ask for a value, whatever the order of the steps.
func few() []interleave.Option {
	return []interleave.Option{interleave.Preemptions(1), interleave.Budget(60), interleave.Schedules(40)}
}

// settle returns when everybody else has done what can be done without the caller: time
// passes in an exploration only when nobody can run, and whoever polls looks now and then.
func settle() { time.Sleep(20 * time.Millisecond) }

// Times that pass only in explorations.
const (
	soon = 50 * time.Millisecond  // contexts end
	long = 200 * time.Millisecond // tasks take
)

// errCause is why contexts end here, which Err does not say.
var errCause = errors.New("cause, which is not what Err says")

// ended returns a context that has been cancelled already, long before its deadline.
func ended() context.Context {
	far, stop := context.WithTimeout(background, time.Minute)
	defer stop()
	ctx, cancel := context.WithCancelCause(far)
	cancel(errCause)
	return ctx
}

// endless returns a context that could end and does not: what waits for that is left behind.
func endless() context.Context {
	ctx, cancel := context.WithCancel(background)
	_ = cancel
	return ctx
}

// many is how many come when any number may: more than people make up limits for.
const many = 300

// submit is Submit where it has to succeed.
func submit[R any](t *testing.T, ctx context.Context, p *pool.Pool, when string, task func(ctx context.Context) (R, error)) *pool.Future[R] {
	t.Helper()
	future, err := pool.Submit(ctx, p, task)
	if !exam.Error(t, "Submit(ctx, p, task)", err, nil, when) {
		t.FailNow()
	}
	return future
}

// result fails the test unless Result returns these two. It asks in the background.
func result[R comparable](t *testing.T, future *pool.Future[R], value R, err error, when string) {
	t.Helper()
	gotValue, gotErr := future.Result(background)
	exam.Error(t, "Result(ctx)", gotErr, err, when)
	exam.Equal(t, "Result(ctx)", gotValue, value, when)
}

// isDone looks at Done and does not wait.
func isDone[R any](future *pool.Future[R]) bool {
	select {
	case <-future.Done():
		return true
	default:
		return false
	}
}

// returns is a task that returns value.
func returns(value int) func(context.Context) (int, error) {
	return func(context.Context) (int, error) { return value, nil }
}

// A gate holds up a task until it is opened.
type gate struct{ begun, open chan struct{} }

func newGate() *gate { return &gate{make(chan struct{}), make(chan struct{})} }

// returns is a task that says that it has begun, waits for the gate and returns value.
func (g *gate) returns(value int) func(context.Context) (int, error) {
	return func(context.Context) (int, error) {
		close(g.begun)
		<-g.open
		return value, nil
	}
}

// occupy submits a task that runs, when occupy returns, until the gate is opened.
func (g *gate) occupy(t *testing.T, p *pool.Pool) *pool.Future[int] {
	t.Helper()
	future := submit(t, background, p, "a worker is free", g.returns(1))
	<-g.begun
	return future
}

// fill has the only worker of a pool busy and its backlog full for a moment.
func fill(t *testing.T, p *pool.Pool, backlog int, when string) {
	t.Helper()
	gate := newGate()
	gate.occupy(t, p)
	for range backlog {
		submit(t, background, p, "there is room in the backlog, "+when, returns(1))
	}
	close(gate.open)
}

// TestSubmit checks that what a task returned is found in its future, by everybody and as often as anybody asks.
//
//grade:todo 13.1
//grade:points 1
func TestSubmit(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 1)
		first := submit(t, background, p, "the worker is free", returns(7))
		second := submit(t, background, p, "there is room in the backlog", func(context.Context) (string, error) { return "part", io.EOF })
		for range 2 {
			result(t, first, 7, nil, "the task returned 7")
			result(t, second, "part", io.EOF, `the task returned "part" and io.EOF`)
		}
		<-first.Done()
		<-second.Done()
		p.Close()
	})
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 0)
		before, written := 1, 0
		future := submit(t, background, p, "the worker is free", func(context.Context) (int, error) {
			written = before
			return 7, nil
		})
		exam.Together(
			func() {
				value, err := future.Result(background)
				exam.Error(t, "Result(ctx)", err, nil, "two ask at the same time; the task returned 7")
				exam.Equal(t, "Result(ctx)", value, 7, "two ask at the same time; the task returned 7")
				exam.Equal(t, "what the task wrote", written, 1, "when Result has returned")
			},
			func() {
				<-future.Done()
				exam.Equal(t, "what the task wrote", written, 1, "when Done is closed")
			},
		)
		p.Close()
	})
}

// TestWorkers checks that as many tasks run at the same time as there are workers, and no more.
//
//grade:todo 13.1
//grade:points 2
//grade:needs TestSubmit
func TestWorkers(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(2, 1)
		both := exam.NewRendezvous(t, 2, "tasks of a pool with 2 workers")
		var running exam.Peak
		task := func(context.Context) (int, error) {
			running.Enter()
			both.Meet()
			running.Leave()
			return 0, nil
		}
		var futures []*pool.Future[int]
		for range 3 {
			futures = append(futures, submit(t, background, p, "two tasks can run and one wait", task))
		}
		for _, future := range futures {
			future.Result(background)
		}
		exam.Equal(t, "tasks at the same time", running.Most(), 2, "3 tasks, 2 workers")
		p.Close()
	}, brief()...)
	interleave.Once(t, func(t *testing.T) {
		p := pool.New(many, 0)
		all := exam.NewRendezvous(t, many, fmt.Sprintf("tasks of a pool with %d workers", many))
		ctx, cancel := context.WithTimeout(background, 20*time.Second) // the rendezvous has no more patience
		defer cancel()
		for range many {
			submit(t, ctx, p, "a worker is free; ctx ends after 20s", func(context.Context) (int, error) { all.Meet(); return 0, nil })
		}
		p.Close()
	})
	interleave.Explore(t, func(t *testing.T) {
		const when = "the only worker has had nothing to do for days"
		p := pool.New(1, 0)
		runtime.Gosched()
		value, err := submit(t, background, p, when, returns(7)).Result(background)
		exam.Error(t, "Result(ctx)", err, nil, "the task returned 7; "+when)
		exam.Equal(t, "Result(ctx)", value, 7, "the task returned 7; "+when)
		p.Close()
	}, interleave.DaysMayPass())
}

// TestBacklog checks that Submit blocks when the backlog is full, and not before.
//
//grade:todo 13.1
//grade:points 2
//grade:needs TestSubmit
func TestBacklog(t *testing.T) {
	for _, backlog := range []int{0, 1} {
		interleave.Explore(t, func(t *testing.T) {
			p := pool.New(1, backlog)
			gate := newGate()
			gate.occupy(t, p)
			for range backlog {
				submit(t, background, p, "the worker is busy, but there is room in the backlog", returns(2))
			}
			var returned exam.Count
			blocked := make(chan *pool.Future[int])
			go func() {
				future := submit(t, background, p, "it blocked until there was room", returns(3))
				returned.Add()
				blocked <- future
			}()
			settle()
			exam.Equal(t, "Submits that have returned", returned.Load(), 0, "of one more than there is room for: the worker is busy and the backlog is full")
			close(gate.open)
			result(t, <-blocked, 3, nil, "the task returned 3; its Submit blocked at first")
			p.Close()
		}, brief()...)
	}
	interleave.Once(t, func(t *testing.T) {
		const backlog = 4 * many
		p := pool.New(1, backlog)
		gate := newGate()
		gate.occupy(t, p)
		ctx, cancel := context.WithTimeout(background, time.Minute)
		defer cancel()
		defer p.Close()
		defer close(gate.open)
		for i := range backlog {
			submit(t, ctx, p, fmt.Sprintf("the worker is busy, and %d tasks are in the backlog, which has room for %d; ctx ends after a minute", i, backlog), returns(2))
		}
	})
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 0)
		submitting := func() {
			result(t, submit(t, background, p, "it blocked at most until there was room", returns(7)), 7, nil, "the task returned 7; three submit at the same time")
		}
		exam.Together(submitting, submitting, submitting)
		p.Close()
	}, brief()...)
}

// TestOrder checks that tasks get their turn in the order in which they were submitted.
//
//grade:todo 13.1
//grade:points 1
//grade:needs TestBacklog
func TestOrder(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 3)
		var turns exam.Count
		turn := func(context.Context) (int, error) { return turns.Add(), nil }
		gate := newGate()
		gate.occupy(t, p)
		var futures []*pool.Future[int]
		for range 3 {
			futures = append(futures, submit(t, background, p, "there is room in the backlog", turn))
		}
		close(gate.open)
		for i, future := range futures {
			result(t, future, i+1, nil, "each task returns which one in turn it was, and there is 1 worker; want what was submitted first to be first")
		}
		p.Close()
	})
}

// TestSubmitContext checks that Submit gives up when its context ends, and that the task is never run then.
//
//grade:todo 13.1
//grade:points 2
//grade:needs TestBacklog
func TestSubmitContext(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 1)
		var ran exam.Count
		never := func(context.Context) (int, error) { return ran.Add(), nil }
		_, err := pool.Submit(ended(), p, never)
		exam.Error(t, "Submit(ctx, p, task)", err, context.Canceled, "ctx had ended before, and a worker is free")

		gate := newGate()
		gate.occupy(t, p)
		last := submit(t, background, p, "there is room in the backlog", returns(2))
		ctx, cancel := context.WithTimeoutCause(background, soon, errCause)
		defer cancel()
		_, err = pool.Submit(ctx, p, never)
		exam.Error(t, "Submit(ctx, p, task)", err, context.DeadlineExceeded, "the worker is busy, the backlog is full, and ctx ends after 50ms")
		early, stop := context.WithTimeout(background, 2*soon)
		time.AfterFunc(soon, stop)
		_, err = pool.Submit(early, p, never)
		exam.Error(t, "Submit(ctx, p, task)", err, context.Canceled, "the worker is busy, the backlog is full, and ctx is cancelled after 50ms, before its deadline")
		close(gate.open)
		result(t, last, 2, nil, "the task returned 2")

		settle()
		fill(t, p, 1, "as there was before a Submit gave up")
		p.Close()
		settle()
		exam.Equal(t, "runs of tasks", ran.Load(), 0, "of those whose Submit returned an error")
	}, brief()...)
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 0)
		gate := newGate()
		gate.occupy(t, p)
		exam.Together(
			func() {
				submit(t, endless(), p, "it blocked for days until there was room, and ctx has not ended", returns(3))
			},
			func() {
				runtime.Gosched()
				close(gate.open)
			},
		)
		p.Close()
	}, interleave.DaysMayPass())
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 0)
		gate := newGate()
		gate.occupy(t, p)
		ctx, cancel := context.WithCancel(background)
		var ran exam.Count
		var future *pool.Future[int]
		var err error
		exam.Together(
			func() {
				future, err = pool.Submit(ctx, p, func(context.Context) (int, error) { return ran.Add(), nil })
			},
			func() {
				submit(t, endless(), p, "it blocked until there was room, beside one whose ctx ended", returns(2))
			},
			cancel,
			func() { close(gate.open) },
		)
		if err == nil {
			result(t, future, 1, nil, "ctx ended as room appeared, and Submit has accepted the task")
		} else {
			exam.Error(t, "Submit(ctx, p, task)", err, context.Canceled, "ctx ended as room appeared")
			settle()
			exam.Equal(t, "runs of the task", ran.Load(), 0, "its Submit returned an error")
		}
		result(t, submit(t, background, p, "the worker is free, whatever the Submit before has done", returns(7)), 7, nil, "the task returned 7")
		p.Close()
	}, brief()...)
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 1)
		gate := newGate()
		gate.occupy(t, p)
		ctx, cancel := context.WithTimeout(background, soon)
		defer cancel()
		var errs [2]error
		submitting := func(i int) func() {
			return func() { _, errs[i] = pool.Submit(ctx, p, returns(2)) }
		}
		exam.Together(submitting(0), submitting(1))
		if errs[0] != nil {
			errs[0], errs[1] = errs[1], errs[0]
		}
		const when = "two submit at the same time, the worker is busy, the backlog has room for one, and ctx ends after 50ms"
		exam.Error(t, "Submit(ctx, p, task), of the one", errs[0], nil, when)
		exam.Error(t, "Submit(ctx, p, task), of the other", errs[1], context.DeadlineExceeded, when)
		close(gate.open)
		p.Close()
	}, brief()...)
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 0)
		gate := newGate()
		gate.occupy(t, p)
		exam.Together(
			func() {
				submit(t, background, p, "it blocked until there was room", returns(2))
			},
			func() {
				settle() // until the other one blocks
				ctx, cancel := context.WithTimeout(background, soon)
				defer cancel()
				_, err := pool.Submit(ctx, p, returns(3))
				exam.Error(t, "Submit(ctx, p, task)", err, context.DeadlineExceeded, "the worker is busy, ctx ends after 50ms, and another Submit blocks, whose ctx does not end")
				close(gate.open)
			},
		)
		p.Close()
	}, brief()...)
}

// TestTaskContext checks that the context of a task has the values of that of Submit, and ends when it does.
//
//grade:todo 13.1
//grade:points 1
//grade:needs TestBacklog
func TestTaskContext(t *testing.T) {
	type name struct{}
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 1)
		ctx, cancel := context.WithCancel(context.WithValue(background, name{}, "Ada"))
		gate := newGate()
		gate.occupy(t, p)
		value := submit(t, ctx, p, "there is room in the backlog", func(ctx context.Context) (string, error) {
			if ctx.Err() == nil {
				t.Errorf("ctx.Err() = nil in a task, want context.Canceled: the context of its Submit ended while it waited for its turn")
			}
			value, _ := ctx.Value(name{}).(string)
			return value, nil
		})
		cancel()
		close(gate.open)
		result(t, value, "Ada", nil, "the task returns a value of its context, which ended when the task had been accepted; a task that has been accepted is run")
		p.Close()
	})
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 0)
		ctx, cancel := context.WithTimeout(background, soon)
		defer cancel()
		future := submit(t, ctx, p, "the worker is free", func(ctx context.Context) (error, error) {
			settle() // Submit has returned, and the pool has been closed
			early := ctx.Err()
			<-ctx.Done()
			return early, nil
		})
		p.Close()
		early, err := future.Result(background)
		exam.Error(t, "ctx.Err() in a task", early, nil, "the context of its Submit has not ended, but Submit has returned, and Close was called")
		exam.Error(t, "Result(ctx)", err, nil, "the task waited for the end of its context, which is that of Submit")
	})
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 0)
		future := submit(t, endless(), p, "the worker is free", func(ctx context.Context) (context.Context, error) { return ctx, nil })
		ctx, err := future.Result(background)
		exam.Error(t, "Result(ctx)", err, nil, "the task returned its context")
		exam.Error(t, "ctx.Err() of a task's context", ctx.Err(), nil, "the context of its Submit has not ended, but the task has")
		p.Close()
	})
}

// TestResultContext checks that Result gives up when its context ends, unless the future is done.
//
//grade:todo 13.1
//grade:points 2
//grade:needs TestSubmit
func TestResultContext(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 1)
		gate := newGate()
		future := gate.occupy(t, p)
		waiting := submit(t, background, p, "there is room in the backlog", returns(2))
		ctx, cancel := context.WithTimeoutCause(background, soon, errCause)
		defer cancel()
		value, err := future.Result(ctx)
		exam.Error(t, "Result(ctx)", err, context.DeadlineExceeded, "the task is running, and ctx ends after 50ms")
		exam.Equal(t, "Result(ctx)", value, 0, "the task is running, and ctx ends after 50ms")
		_, err = future.Result(ended())
		exam.Error(t, "Result(ctx)", err, context.Canceled, "the task is running, and ctx had ended before")
		exam.Equal(t, "Done() is closed", isDone(future), false, "the task is running")
		value, err = waiting.Result(ctx)
		exam.Error(t, "Result(ctx)", err, context.DeadlineExceeded, "the task waits for its turn, and ctx had ended before")
		exam.Equal(t, "Result(ctx)", value, 0, "the task waits for its turn, and ctx had ended before")
		impatient, stop := context.WithTimeoutCause(background, soon, errCause)
		defer stop()
		_, err = waiting.Result(impatient)
		exam.Error(t, "Result(ctx)", err, context.DeadlineExceeded, "the task waits for its turn, and ctx ends after 50ms")
		go func() {
			settle()
			close(gate.open)
		}()
		value, err = future.Result(endless())
		exam.Error(t, "Result(ctx)", err, nil, "ctx does not end, and the task returned 1")
		exam.Equal(t, "Result(ctx)", value, 1, "ctx does not end, and the task returned 1")
		result(t, future, 1, nil, "the task returned 1, after a Result had given up")
		exam.Equal(t, "Done() is closed", isDone(future), true, "Result has returned 1")
		value, err = future.Result(ended())
		exam.Error(t, "Result(ctx)", err, nil, "ctx had ended before, but the future is done")
		exam.Equal(t, "Result(ctx)", value, 1, "ctx had ended before, but the future is done")
		result(t, waiting, 2, nil, "the task returned 2; two Results had given up before its turn came, which does not cancel it")
		p.Close()
	})
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 0)
		gate := newGate()
		future := gate.occupy(t, p)
		exam.Together(
			func() {
				value, err := future.Result(endless())
				exam.Error(t, "Result(ctx)", err, nil, "ctx does not end, and the task returned 1 after days")
				exam.Equal(t, "Result(ctx)", value, 1, "ctx does not end, and the task returned 1 after days")
			},
			func() {
				runtime.Gosched()
				close(gate.open)
			},
		)
		p.Close()
	}, interleave.DaysMayPass())
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 0)
		gate := newGate()
		future := gate.occupy(t, p)
		exam.Together(
			func() { result(t, future, 1, nil, "the task returned 1") },
			func() {
				settle() // until the other one waits
				ctx, cancel := context.WithTimeout(background, soon)
				defer cancel()
				_, err := future.Result(ctx)
				exam.Error(t, "Result(ctx)", err, context.DeadlineExceeded, "the task is running, ctx ends after 50ms, and another Result waits, whose ctx does not end")
				close(gate.open)
			},
		)
		p.Close()
	}, few()...)
}

// TestClose checks that a closed pool takes no more tasks, and runs those that it has.
//
//grade:todo 13.1
//grade:points 2
//grade:needs TestBacklog
func TestClose(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(2, 2)
		first, second := newGate(), newGate()
		first.occupy(t, p)
		second.occupy(t, p)
		waiting := submit(t, background, p, "there is room in the backlog", returns(2))
		p.Close()
		p.Close() // twice does no harm, and it waits for nobody
		var ran exam.Count
		_, err := pool.Submit(background, p, func(context.Context) (int, error) { return ran.Add(), nil })
		exam.Error(t, "Submit(ctx, p, task)", err, pool.ErrClosed, "the pool is closed")
		close(first.open)
		result(t, waiting, 2, nil, "the task had been accepted when the pool was closed, and returned 2")
		close(second.open)
		settle()
		exam.Equal(t, "runs of the task", ran.Load(), 0, "its Submit returned an error")
	})
	interleave.Explore(t, func(t *testing.T) {
		pool.New(2, 0).Close() // workers that have had nothing to do
	})
}
