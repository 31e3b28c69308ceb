//go:build grade

package hidden

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"
	"time"

	pool "lockstep/chapters/17-process-pool"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

const second = time.Second

// TestApply checks that a worker is started when a task needs one, and does one task after the other.
//
//grade:todo 17.2
//grade:points 1
func TestApply(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		s := newShop(t, func(h *hand, task string) (string, error) {
			if task == "fail" {
				return "", errTask
			}
			return task + "!", nil
		})
		p := s.pool(pool.Options{Workers: 1, Tries: 3})
		exam.Equal(t, "calls of start", s.started.Load(), 0, "New has returned, and there is no task yet")
		applies(t, p, "a", "a!", nil, "the pool has one worker")
		applies(t, p, "fail", "", errTask, "it is the error that Do returns")
		exam.Equal(t, "calls of Do", s.begun.Load(), 2, `after Apply("a") and Apply("fail"), whose own error Do returns: that is an answer, and no crash`)
		applies(t, p, "b", "b!", nil, "a task before it has failed, and the worker has not")
		exam.Equal(t, "calls of start", s.started.Load(), 1, "three tasks one after the other, and no crash")
	}, leaky(light)...)
	// Errors that say something to a pool, but not if they come from a task.
	for _, own := range []error{
		errors.New(pool.ErrCrashed.Error()),
		fmt.Errorf("of a pool that the worker has: %w", pool.ErrTerminated),
		pool.ErrClosed,
		context.Canceled,
		io.EOF,
	} {
		interleave.Explore(t, func(t *testing.T) {
			when := fmt.Sprintf("it is the task's own error, %q, for which errors.Is(err, ErrCrashed) does not hold; Workers is 1, Tries is 3", own)
			s := newShop(t, func(h *hand, task string) (string, error) { return "", own })
			p := s.pool(pool.Options{Workers: 1, Tries: 3})
			applies(t, p, "", "", own, when)
			exam.Equal(t, "calls of Do", s.begun.Load(), 1, when)
			s.do = exclaim
			applies(t, p, "b", "b!", nil, "after that; "+when)
			exam.Equal(t, "calls of start", s.started.Load(), 1, when)
		}, leaky(light)...)
	}
}

// TestGet checks that Submit does not wait, and that Get waits for the task or the end of its context.
//
//grade:todo 17.2
//grade:points 2
//grade:needs TestApply
func TestGet(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		gate := make(chan struct{})
		s := newShop(t, func(h *hand, task string) (string, error) {
			<-gate
			return task + "!", nil
		})
		s.open = func(int) error {
			time.Sleep(second)
			return nil
		}
		began := time.Now()
		p := s.pool(pool.Options{Workers: 1, Tries: 1})
		r, r2 := p.Submit("a"), p.Submit("b")
		exam.Equal(t, "time when Submit returns", since(began), "0s", "start takes a second, and the task longer")
		got(t, r, `Submit("a").Get(ctx)`, "", context.Canceled, "ctx has ended, and the task is not done")
		ctx, cancel := context.WithTimeoutCause(background, 2*second, errCause)
		defer cancel()
		_, err := r2.Get(ctx)
		exam.Error(t, `Submit("b").Get(ctx)`, err, context.DeadlineExceeded, "ctx ends after 2s, and the task is not done")
		exam.Equal(t, "time when Get returns", since(began), "2s", "ctx ends after 2s")
		exam.Together(
			func() { gets(t, r, `Submit("a")`, "a!", nil, "two call Get at the same time") },
			func() { gets(t, r, `Submit("a")`, "a!", nil, "two call Get at the same time") },
			func() { close(gate) },
		)
		gets(t, r2, `Submit("b")`, "b!", nil, "an earlier Get was too impatient, and the task went on")
		got(t, r, `Submit("a").Get(ctx)`, "a!", nil, "ctx has ended, but the task is done")
	}, leaky(thorough)...)
	interleave.Explore(t, func(t *testing.T) {
		const when = "two tasks take 3s each; five call Get at the same time, some with a ctx that ends before that"
		s := newShop(t, func(h *hand, task string) (string, error) {
			time.Sleep(3 * second)
			return task + "!", nil
		})
		p := s.pool(pool.Options{Workers: 2, Tries: 1})
		a, b := p.Submit("a"), p.Submit("b")
		until := func(r *pool.Result, after time.Duration) func() {
			return func() {
				ctx, cancel := context.WithTimeout(background, after)
				defer cancel()
				answer, err := r.Get(ctx)
				what := fmt.Sprintf("Get(ctx), whose ctx ends after %v", after)
				exam.Equal(t, "answer of "+what, answer, "", when)
				is(t, what, err, context.DeadlineExceeded, when)
			}
		}
		exam.Together(
			func() { gets(t, a, `Submit("a")`, "a!", nil, when) },
			until(a, second),
			until(a, 2*second),
			func() { got(t, a, `Submit("a").Get(ctx)`, "", context.Canceled, "ctx has ended; "+when) },
			until(b, second),
		)
		gets(t, b, `Submit("b")`, "b!", nil, when)
	}, leaky(light)...)
	interleave.Explore(t, func(t *testing.T) {
		const when = "Workers is 1; Submit, 40 times, before the first task is done"
		gate := make(chan struct{})
		s := newShop(t, func(h *hand, task string) (string, error) {
			<-gate
			return task + "!", nil
		})
		p := s.pool(pool.Options{Workers: 1, Tries: 1})
		var results []*pool.Result
		for i := range 40 {
			results = append(results, p.Submit(fmt.Sprint(i)))
		}
		close(gate)
		for i, r := range results {
			gets(t, r, fmt.Sprintf(`Submit("%d")`, i), fmt.Sprintf("%d!", i), nil, when)
		}
	}, leaky(crowded)...)
}

// TestWorkersTogether checks that as many tasks are being done at once as there may be workers, and not more.
//
//grade:todo 17.2
//grade:points 2
//grade:needs TestApply
func TestWorkersTogether(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		const when = "Workers is 2, and three tasks are submitted"
		meeting := exam.NewRendezvous(t, 2, "tasks being done")
		s := newShop(t, func(h *hand, task string) (string, error) {
			meeting.Meet()
			return task + "!", nil
		})
		p := s.pool(pool.Options{Workers: 2, Tries: 1})
		a, b, c := p.Submit("a"), p.Submit("b"), p.Submit("c")
		gets(t, a, `Submit("a")`, "a!", nil, when)
		gets(t, b, `Submit("b")`, "b!", nil, when)
		gets(t, c, `Submit("c")`, "c!", nil, when)
		s.atMost(2, when)
		exam.Equal(t, "calls of start", s.started.Load(), 2, when+"; nobody crashes")
	}, leaky(light)...)
	for _, first := range []string{"start", "Do"} {
		interleave.Explore(t, func(t *testing.T) {
			const when = "Workers is 2; Submit, four times"
			s := newShop(t, exclaim)
			s.meet(step{1, first}, step{2, "start"}, when)
			submits(t, s.pool(pool.Options{Workers: 2, Tries: 1}), 4, when)
			s.atMost(2, when)
		}, leaky(light)...)
	}
	interleave.Explore(t, func(t *testing.T) {
		const when = "Workers is 2, and one worker is idle; two call Apply at the same time"
		s := newShop(t, exclaim)
		p := s.pool(pool.Options{Workers: 2, Tries: 1})
		applies(t, p, "a", "a!", nil, "it is the first task")
		exam.Together(
			func() { applies(t, p, "b", "b!", nil, when) },
			func() { applies(t, p, "c", "c!", nil, when) },
		)
		s.atMost(2, when)
		exam.Equal(t, "calls of Do", s.begun.Load(), 3, when+"; there was one task before")
	}, leaky(light)...)
	interleave.Explore(t, func(t *testing.T) {
		s := newShop(t, nil)
		together(t, s, s.pool(pool.Options{Workers: 100, Tries: 1}), 100, "Workers is 100")
	}, leaky(crowded)...)
}

// submits submits n tasks and waits for their answers.
func submits(t testing.TB, p *pool.Pool, n int, when string) {
	t.Helper()
	var results []*pool.Result
	for i := range n {
		results = append(results, p.Submit(fmt.Sprint(i)))
	}
	for i, r := range results {
		gets(t, r, fmt.Sprintf(`Submit("%d")`, i), fmt.Sprintf("%d!", i), nil, when)
	}
}

// TestCrash checks that a task whose worker crashes is done by another worker, and that others do not notice.
//
//grade:todo 17.2
//grade:points 2
//grade:needs TestApply
func TestCrash(t *testing.T) {
	for _, workers := range []int{1, 2} {
		interleave.Explore(t, func(t *testing.T) {
			const when = `the first worker that gets task "x" crashes; task "y" is there at the same time`
			var x, y exam.Count
			s := newShop(t, func(h *hand, task string) (string, error) {
				if task == "y" {
					y.Add()
				} else if x.Add() == 1 {
					return h.crash()
				}
				return task + "!", nil
			})
			p := s.pool(pool.Options{Workers: workers, Tries: 2})
			rx, ry := p.Submit("x"), p.Submit("y")
			gets(t, rx, `Submit("x")`, "x!", nil, "Tries is 2; "+when)
			gets(t, ry, `Submit("y")`, "y!", nil, when)
			exam.Equal(t, `calls of Do("x")`, x.Load(), 2, when)
			exam.Equal(t, `calls of Do("y")`, y.Load(), 1, when)
			s.atMost(workers, when)
		}, leaky(thorough)...)
	}
	for _, crash := range []error{
		pool.ErrCrashed,
		fmt.Errorf("on machine 3: %w", fmt.Errorf("worker 1: %w", pool.ErrCrashed)),
		errors.Join(io.ErrUnexpectedEOF, pool.ErrCrashed),
	} {
		interleave.Explore(t, func(t *testing.T) {
			when := fmt.Sprintf("the first worker crashes, with the error %q; Tries is %d", crash, math.MaxInt)
			s := newShop(t, func(h *hand, task string) (string, error) {
				if h.number == 1 {
					return "", crash
				}
				return task + "!", nil
			})
			p := s.pool(pool.Options{Workers: 1, Tries: math.MaxInt})
			applies(t, p, "a", "a!", nil, when)
			exam.Equal(t, "calls of start", s.started.Load(), 2, when)
		}, leaky(light)...)
	}
	for _, c := range []struct {
		crashes int
		other   step // that the start of worker 3 waits for
	}{
		{1, step{2, "Do"}},
		{2, step{4, "start"}},
	} {
		interleave.Explore(t, func(t *testing.T) {
			when := fmt.Sprintf("Workers is 2, Tries is 3, and the first %d to be started crash; Submit, four times", c.crashes)
			s := newShop(t, func(h *hand, task string) (string, error) {
				if h.number <= c.crashes {
					return h.crash()
				}
				return task + "!", nil
			})
			s.meet(step{3, "start"}, c.other, when)
			submits(t, s.pool(pool.Options{Workers: 2, Tries: 3}), 4, when)
			s.atMost(2, when)
		}, leaky(light)...)
	}
}

// TestPoison checks that a task that kills every worker is given up after its tries, and that all workers are replaced.
//
//grade:todo 17.2
//grade:points 3
//grade:needs TestCrash
func TestPoison(t *testing.T) {
	for _, c := range []struct {
		tries int
		when  string
	}{
		{1, "Tries is 1, and every worker that gets the task crashes"},
		{3, "Tries is 3, and every worker that gets the task crashes"},
	} {
		interleave.Explore(t, func(t *testing.T) {
			s := newShop(t, func(h *hand, task string) (string, error) { return h.crash() })
			p := s.pool(pool.Options{Workers: 2, Tries: c.tries})
			answer, err := p.Apply("poison")
			exam.Equal(t, `answer of Apply("poison")`, answer, "", c.when)
			if exam.Error(t, `Apply("poison")`, err, pool.ErrCrashed, c.when) {
				last := fmt.Sprintf("worker %d:", s.started.Load())
				switch needed := s.begun.Load(); {
				case strings.Contains(err.Error(), last):
				case s.started.Load() > needed:
					t.Errorf("calls of start = %d, want %d, as many as Do got the task: a worker is started when a task needs one, not before, and not to replace one that has crashed; %s", s.started.Load(), needed, c.when)
				default:
					t.Errorf("Apply(%q) = error %q, want the one that the last worker returned, with %q in it: %s", "poison", err, last, c.when)
				}
				if c.tries > 1 && strings.Contains(err.Error(), "worker 1:") {
					t.Errorf("Apply(%q) = error %q, want the one that the last worker returned, and not those of the others: %s", "poison", err, c.when)
				}
			}
			exam.Equal(t, "workers that one task has killed", s.begun.Load(), c.tries, c.when)
			together(t, s, p, 2, "after that; Workers is 2. "+c.when)
		}, leaky(thorough)...)
	}
}

// TestTriesAreCountedByTask checks that two poisonous tasks have their tries each, and share no others' fate.
//
//grade:todo 17.2
//grade:points 1
//grade:needs TestPoison
func TestTriesAreCountedByTask(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		const when = "Workers is 1, Tries is 2; two tasks kill every worker that gets them"
		s := newShop(t, func(h *hand, task string) (string, error) { return h.crash() })
		p := s.pool(pool.Options{Workers: 1, Tries: 2})
		a, b := p.Submit("poison a"), p.Submit("poison b")
		gets(t, a, `Submit("poison a")`, "", pool.ErrCrashed, when)
		gets(t, b, `Submit("poison b")`, "", pool.ErrCrashed, when)
		exam.Equal(t, "workers that two tasks have killed", s.begun.Load(), 4, when)
		s.atMost(1, when)
		s.do = exclaim
		applies(t, p, "c", "c!", nil, "after that. "+when)
	}, leaky(light)...)
	interleave.Explore(t, func(t *testing.T) {
		const when = "Workers is 1, Tries is 2; every worker crashes on its second task; Apply, 150 times"
		s := newShop(t, func(h *hand, task string) (string, error) {
			if h.tasks == 2 {
				return h.crash()
			}
			return task + "!", nil
		})
		p := s.pool(pool.Options{Workers: 1, Tries: 2})
		for i := range 150 {
			applies(t, p, fmt.Sprint(i), fmt.Sprintf("%d!", i), nil, when)
		}
	}, leaky(crowded)...)
}

// TestStartFails checks that an error of start is the task's, and that the next task starts anew.
//
//grade:todo 17.2
//grade:points 2
//grade:needs TestCrash
func TestStartFails(t *testing.T) {
	fails := func(number int) func(int) error {
		return func(n int) error {
			if n == number {
				return errStart
			}
			return nil
		}
	}
	interleave.Explore(t, func(t *testing.T) {
		const when = "the first call of start fails"
		s := newShop(t, exclaim)
		s.open = fails(1)
		p := s.pool(pool.Options{Workers: 1, Tries: 2})
		applies(t, p, "a", "", errStart, when)
		applies(t, p, "b", "b!", nil, when+", but the second does not")
		exam.Equal(t, "calls of start", s.started.Load(), 2, when)
	}, leaky(light)...)
	interleave.Explore(t, func(t *testing.T) {
		const when = "the first two calls of start fail"
		s := newShop(t, exclaim)
		s.open = func(n int) error {
			if n <= 2 {
				return errStart
			}
			return nil
		}
		p := s.pool(pool.Options{Workers: 2, Tries: 2})
		a, b := p.Submit("a"), p.Submit("b")
		gets(t, a, `Submit("a")`, "", errStart, when)
		gets(t, b, `Submit("b")`, "", errStart, when)
		together(t, s, p, 2, "after that; Workers is 2: "+when)
		s.do = func(h *hand, task string) (string, error) {
			time.Sleep(second)
			return task + "!", nil
		}
		submits(t, p, 3, "after that; "+when)
		s.atMost(2, "after that, with three tasks of a second each; Workers is 2: "+when)
	}, leaky(light)...)
	interleave.Explore(t, func(t *testing.T) {
		crashed := fmt.Errorf("the new worker has not said hello: %w", pool.ErrCrashed)
		const when = "Tries is 3; start fails, with an error for which errors.Is(err, ErrCrashed) holds"
		s := newShop(t, exclaim)
		s.open = func(int) error { return crashed }
		p := s.pool(pool.Options{Workers: 2, Tries: 3})
		applies(t, p, "a", "", crashed, when)
		exam.Equal(t, "calls of start", s.started.Load(), 1, when+": that is the task's error, and it is not tried again")
		s.open = nil
		together(t, s, p, 2, "after that; Workers is 2: "+when)
	}, leaky(light)...)
	interleave.Explore(t, func(t *testing.T) {
		const when = "the first worker crashes, and start fails when it should be replaced"
		s := newShop(t, func(h *hand, task string) (string, error) { return h.crash() })
		s.open = fails(2)
		p := s.pool(pool.Options{Workers: 2, Tries: 3})
		applies(t, p, "a", "", errStart, when)
		together(t, s, p, 2, "after that; Workers is 2: "+when)
	}, leaky(light)...)
}
