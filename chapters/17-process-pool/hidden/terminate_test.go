//go:build grade

package hidden

import (
	"fmt"
	"sync"
	"testing"
	"time"

	pool "lockstep/chapters/17-process-pool"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// stay is a task that lasts until its worker is killed.
func stay(h *hand, task string) (string, error) { return "", h.dies() }

// TestTerminate checks that Terminate kills workers at work, ends the tasks and begins none.
//
//grade:todo 17.5
//grade:points 2
//grade:needs TestJoin TestPoison
func TestTerminate(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		const when = "Workers is 1, Tries is 3; one task does not end by itself, another one waits; Terminate"
		begun := make(chan struct{}, 1)
		s := newShop(t, func(h *hand, task string) (string, error) {
			begun <- struct{}{}
			return stay(h, task)
		})
		p := s.pool(pool.Options{Workers: 1, Tries: 3})
		a := p.Submit("a")
		<-begun
		b := p.Submit("b")
		p.Terminate()
		s.over(when)
		got(t, a, `Submit("a")`, "", pool.ErrTerminated, when)
		got(t, b, `Submit("b")`, "", pool.ErrTerminated, when)
		got(t, p.Submit("c"), `Submit("c")`, "", pool.ErrClosed, "after Terminate")
		exam.Equal(t, "calls of start", s.started.Load(), 1, when)
		exam.Equal(t, "calls of Do", s.begun.Load(), 1, when)
		joins(t, p, "after Terminate")
		p.Close()
		p.Terminate()
	}, thorough...)
	for _, c := range []struct {
		answer   string
		err      error
		maxTasks int
	}{
		{"a!", nil, 0},
		{"a!", nil, 1},
		{"", errTask, 0},
		{"", errTask, 1},
	} {
		interleave.Explore(t, func(t *testing.T) {
			when := fmt.Sprintf("Terminate kills the worker when its task has just been done: Do returns %q, %v; another task waits; Workers is 1, Tries is 3, MaxTasks is %d", c.answer, c.err, c.maxTasks)
			begun := make(chan struct{}, 1)
			s := newShop(t, func(h *hand, task string) (string, error) {
				begun <- struct{}{}
				h.dies()
				return c.answer, c.err
			})
			p := s.pool(pool.Options{Workers: 1, Tries: 3, MaxTasks: c.maxTasks})
			a := p.Submit("a")
			<-begun
			b := p.Submit("b")
			p.Terminate()
			s.over(when)
			got(t, a, `Submit("a")`, c.answer, c.err, when)
			got(t, b, `Submit("b")`, "", pool.ErrTerminated, when)
			exam.Equal(t, "calls of Do", s.begun.Load(), 1, when)
		}, light...)
	}
}

// TestTerminateIdle checks that Terminate also ends workers that are idle, and that what is done stays done.
//
//grade:todo 17.5
//grade:points 1
//grade:needs TestTerminate
func TestTerminateIdle(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		const when = "Workers is 2; one task is done; Terminate"
		s, other := newShop(t, exclaim), newShop(t, exclaim)
		q := other.pool(pool.Options{Workers: 1, Tries: 1})
		applies(t, q, "a", "a!", nil, "the pool is running")
		p := s.pool(pool.Options{Workers: 2, Tries: 1})
		r := p.Submit("a")
		gets(t, r, `Submit("a")`, "a!", nil, "the pool is running")
		p.Terminate()
		s.over(when)
		got(t, r, `Submit("a")`, "a!", nil, when)
		exam.Equal(t, "calls of start", s.started.Load(), 1, when)
		applies(t, q, "b", "b!", nil, "another pool was terminated")
		exam.Equal(t, "calls of start", other.started.Load(), 1, "two tasks one after the other, and another pool was terminated")
		q.Terminate()
		other.over("Terminate, of both pools")
	}, light...)
	interleave.Explore(t, func(t *testing.T) {
		const when = "one task is done; its worker is idle, and would not end by a Close alone; Terminate"
		s := newShop(t, exclaim)
		s.close = func(h *hand) { h.dies() }
		p := s.pool(pool.Options{Workers: 2, Tries: 1})
		applies(t, p, "a", "a!", nil, "the pool is running")
		p.Terminate()
		s.over(when)
	}, light...)
	interleave.Explore(t, func(t *testing.T) {
		const when = "there was never a task; Terminate"
		s := newShop(t, exclaim)
		p := s.pool(pool.Options{Workers: 2, Tries: 1})
		p.Terminate()
		s.left(when)
		exam.Equal(t, "calls of start", s.started.Load(), 0, when)
		applies(t, p, "a", "", pool.ErrClosed, when)
	}, light...)
}

// TestTerminateKillsTogether checks that Terminate kills all workers at the same time, whatever they do.
//
//grade:todo 17.5
//grade:points 1
//grade:needs TestTerminate
func TestTerminateKillsTogether(t *testing.T) {
	const (
		stays = "a task that does not end by itself"
		ends  = "a task that ends at once"
	)
	for _, c := range []struct {
		tasks    []string // each gets a worker
		maxTasks int
		join     bool // Close and Join are called before Terminate
		when     string
	}{
		{[]string{stays, stays}, 0, false, "two workers are at work"},
		{[]string{ends, ends, ends}, 0, false, "three workers are idle"},
		{[]string{stays, ends, ends}, 0, false, "one worker is at work, and two are idle"},
		{[]string{stays, ends, ends}, 1, false, "one worker is at work, and two are being closed, as MaxTasks is 1"},
		{[]string{ends, ends, ends}, 0, true, "Join closes three idle workers"},
	} {
		interleave.Explore(t, func(t *testing.T) {
			when := c.when + ", and no worker ends before all of them are being killed"
			dying := exam.NewRendezvous(t, len(c.tasks), "workers being killed by Terminate: "+c.when)
			meeting := exam.NewRendezvous(t, len(c.tasks), "tasks being done")
			s := newShop(t, func(h *hand, task string) (string, error) {
				meeting.Meet()
				if task == stays {
					return stay(h, task)
				}
				return exclaim(h, task)
			})
			s.close = func(h *hand) { h.dies() }
			s.kill = func(*hand) { dying.Meet() }
			p := s.pool(pool.Options{Workers: len(c.tasks), Tries: 1, MaxTasks: c.maxTasks})
			for _, task := range c.tasks {
				p.Submit(task)
			}
			time.Sleep(second) // until all are where they stay
			var join sync.WaitGroup
			if c.join {
				p.Close()
				join.Go(func() { joins(t, p, when) })
				time.Sleep(second)
			}
			p.Terminate()
			s.over(when)
			join.Wait()
		}, light...)
	}
}

// TestTerminateDuringStart checks that a worker that is being started when Terminate is called does not outlive it.
//
//grade:todo 17.5
//grade:points 3
//grade:needs TestTerminate
func TestTerminateDuringStart(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		const when = "start takes a second, and Terminate is called half a second after Submit"
		s := newShop(t, exclaim)
		s.open = func(int) error {
			time.Sleep(second)
			return nil
		}
		p := s.pool(pool.Options{Workers: 1, Tries: 1})
		r := p.Submit("a")
		time.Sleep(second / 2)
		p.Terminate()
		s.left(when)
		got(t, r, `Submit("a")`, "", pool.ErrTerminated, when)
		exam.Equal(t, "tasks begun", s.begun.Load(), 0, when)
	}, thorough...)
	interleave.Explore(t, func(t *testing.T) {
		const when = "start takes a second and fails, and Terminate is called half a second after Submit"
		s := newShop(t, exclaim)
		s.open = func(int) error {
			time.Sleep(second)
			return errStart
		}
		p := s.pool(pool.Options{Workers: 1, Tries: 2})
		r := p.Submit("a")
		time.Sleep(second / 2)
		p.Terminate()
		s.over(when)
		_, err := r.Get(ended())
		exam.OneOf(t, `Submit("a")`, class(err), []string{class(pool.ErrTerminated), class(errStart)}, when)
		exam.Equal(t, "calls of start", s.started.Load(), 1, when)
	}, light...)
	interleave.Explore(t, func(t *testing.T) {
		const when = "one worker is at work and takes a second to die; start takes a second, and Terminate is called half a second after Submit"
		s := newShop(t, stay)
		s.open = func(number int) error {
			if number == 2 {
				time.Sleep(second)
			}
			return nil
		}
		s.close = func(h *hand) { h.dies() }
		s.kill = func(*hand) { time.Sleep(second) }
		p := s.pool(pool.Options{Workers: 2, Tries: 1})
		p.Submit("a")
		p.Submit("b")
		time.Sleep(second / 2)
		began := time.Now()
		p.Terminate()
		exam.Equal(t, "time that Terminate takes", since(began), "1.5s", "half of it until start returns, and a second until that worker is dead; "+when)
		s.over(when)
		exam.Equal(t, "tasks begun", s.begun.Load(), 1, when)
	}, light...)
	interleave.Explore(t, func(t *testing.T) {
		const when = "Submit on one side, Terminate on the other"
		s := newShop(t, stay)
		p := s.pool(pool.Options{Workers: 1, Tries: 2})
		var r *pool.Result
		exam.Together(
			func() { r = p.Submit("a") },
			func() {
				p.Terminate()
				s.left("Terminate has returned. " + when)
			},
		)
		_, err := r.Get(ended())
		exam.OneOf(t, `Submit("a")`, class(err), []string{class(pool.ErrTerminated), class(pool.ErrClosed)}, when)
		s.left(when)
	}, thorough...)
}

// TestTerminateAndCrash checks that a worker that crashes when Terminate is called is not replaced.
//
//grade:todo 17.5
//grade:points 2
//grade:needs TestTerminate TestJoinAfterCrash
func TestTerminateAndCrash(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		const when = "a task crashes every worker, Tries is 2, and Terminate is called meanwhile"
		begun := make(chan struct{}, 2)
		s := newShop(t, func(h *hand, task string) (string, error) {
			begun <- struct{}{}
			return h.crash()
		})
		p := s.pool(pool.Options{Workers: 1, Tries: 2})
		r := p.Submit("a")
		<-begun
		p.Terminate()
		s.left("Terminate has returned; " + when)
		started := s.started.Load()
		_, err := r.Get(ended())
		exam.OneOf(t, `Submit("a")`, class(err), []string{class(pool.ErrTerminated), class(pool.ErrCrashed)}, when)
		time.Sleep(second)
		exam.Equal(t, "calls of start", s.started.Load(), started, "a second after Terminate; "+when)
	}, thorough...)
}

// TestTerminateMeanwhile checks that Terminate may be called while others wait in Join, Terminate or a worker's Close.
//
//grade:todo 17.5
//grade:points 2
//grade:needs TestTerminateDuringStart TestJoinTogether TestMaxTasks
func TestTerminateMeanwhile(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		const when = "a task does not end by itself; Close and Join on one side, Terminate on the other"
		s := newShop(t, stay)
		p := s.pool(pool.Options{Workers: 1, Tries: 1})
		r := p.Submit("a")
		exam.Together(
			func() {
				p.Close()
				joins(t, p, when)
				s.left("Join has returned; " + when)
			},
			func() {
				p.Terminate()
				s.left("Terminate has returned; " + when)
			},
		)
		got(t, r, `Submit("a")`, "", pool.ErrTerminated, when)
	}, light...)
	interleave.Explore(t, func(t *testing.T) {
		const when = "a task does not end by itself, and two call Terminate at the same time"
		s := newShop(t, stay)
		s.kill = func(*hand) { time.Sleep(second) }
		p := s.pool(pool.Options{Workers: 1, Tries: 1})
		began := time.Now()
		p.Submit("a")
		terminate := func() {
			p.Terminate()
			s.left("one Terminate has returned; " + when)
		}
		exam.Together(terminate, terminate, func() {
			time.Sleep(second / 2)
			got(t, p.Submit("b"), `Submit("b")`, "", pool.ErrClosed, "after half a second; "+when)
			p.Close()
			exam.Equal(t, `time when Submit("b") and Close return`, since(began), "500ms", "they are called after half a second; "+when+", and the worker takes a second to die")
		})
	}, light...)
	interleave.Explore(t, func(t *testing.T) {
		const when = "MaxTasks is 1, and the worker's Close does not return before a Kill; Terminate a second after the task"
		s := newShop(t, exclaim)
		s.close = func(h *hand) { h.dies() }
		p := s.pool(pool.Options{Workers: 1, Tries: 1, MaxTasks: 1})
		p.Submit("a")
		time.Sleep(second)
		p.Terminate()
		s.over(when)
	}, light...)
	interleave.Explore(t, func(t *testing.T) {
		const when = "Close and Join, and the idle worker's Close does not return before a Kill; Terminate a second later"
		s := newShop(t, exclaim)
		s.close = func(h *hand) { h.dies() }
		p := s.pool(pool.Options{Workers: 1, Tries: 1})
		applies(t, p, "a", "a!", nil, "the pool is running")
		exam.Together(
			func() {
				p.Close()
				joins(t, p, when)
			},
			func() {
				time.Sleep(second)
				p.Terminate()
				s.left(when)
			},
		)
	}, light...)
	interleave.Explore(t, func(t *testing.T) {
		const when = "Workers is 1, and no task ends by itself; Apply, Map and the receiver of Unordered wait; Terminate a second later"
		s := newShop(t, stay)
		p := s.pool(pool.Options{Workers: 1, Tries: 2})
		exam.Together(
			func() { applies(t, p, "a", "", pool.ErrTerminated, when) },
			func() {
				answers, err := p.Map([]string{"b", "c"})
				is(t, `Map("b", "c")`, err, pool.ErrTerminated, when)
				exam.Equal(t, `answers of Map("b", "c")`, fmt.Sprintf("%q", answers), `["" ""]`, when)
			},
			func() {
				count := 0
				for a := range p.Unordered([]string{"d", "e"}) {
					is(t, `Unordered("d", "e")`, a.Err, pool.ErrTerminated, when)
					count++
				}
				exam.Equal(t, `answers of Unordered("d", "e")`, count, 2, when)
			},
			func() {
				time.Sleep(second)
				p.Terminate()
				s.over(when)
			},
		)
		exam.Equal(t, "calls of Do", s.begun.Load(), 1, when)
	}, light...)
}
