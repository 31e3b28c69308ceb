//go:build grade

package hidden

import (
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	pool "lockstep/chapters/17-process-pool"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// joins checks that p.Join returns nil.
func joins(t testing.TB, p *pool.Pool, when string) {
	t.Helper()
	exam.Error(t, "Join()", p.Join(), nil, when)
}

// TestJoin checks that Join waits for every task that was taken, and closes the workers.
//
//grade:todo 17.4
//grade:points 2
//grade:needs TestApply
func TestJoin(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		const when = "Workers is 1; two tasks take a second each, Close, Join"
		s := newShop(t, func(h *hand, task string) (string, error) {
			time.Sleep(second)
			return task + "!", nil
		})
		s.close = func(*hand) { time.Sleep(second) }
		began := time.Now()
		p := s.pool(pool.Options{Workers: 1, Tries: 1})
		a, b := p.Submit("a"), p.Submit("b")
		p.Close()
		exam.Equal(t, "time when Close returns", since(began), "0s", when)
		exam.Together(
			func() {
				joins(t, p, when)
				s.left("Join has returned. " + when)
			},
			func() {
				time.Sleep(second / 2)
				got(t, p.Submit("c"), `Submit("c")`, "", pool.ErrClosed, "Join waits. "+when)
				p.Close()
				exam.Equal(t, `time when Submit("c") and another Close return`, since(began), "500ms", "they are called after half a second; Join waits. "+when)
			},
		)
		got(t, a, `Submit("a")`, "a!", nil, "it was submitted before Close, and Join has returned")
		got(t, b, `Submit("b")`, "b!", nil, "it was submitted before Close, and Join has returned")
		exam.Equal(t, "workers ended by Close", s.closed.Load(), 1, when)
		joins(t, p, "for the second time")
	}, light...)
}

// TestClosed checks that a closed pool refuses tasks, and that Join refuses to wait for a pool that is not.
//
//grade:todo 17.4
//grade:points 1
//grade:needs TestJoin
func TestClosed(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		s := newShop(t, exclaim)
		p := s.pool(pool.Options{Workers: 2, Tries: 1})
		exam.Error(t, "Join()", p.Join(), pool.ErrRunning, "neither Close nor Terminate was called")
		applies(t, p, "a", "a!", nil, "Join has returned an error")
		exam.Error(t, "Join()", p.Join(), pool.ErrRunning, "neither Close nor Terminate was called, and a task is done")
		p.Close()
		p.Close()
		got(t, p.Submit("b"), `Submit("b")`, "", pool.ErrClosed, "after Close")
		applies(t, p, "c", "", pool.ErrClosed, "after Close")
		joins(t, p, "after Close, twice")
		got(t, p.Submit("d"), `Submit("d")`, "", pool.ErrClosed, "after Close and Join")
		p.Close()
		exam.Equal(t, "calls of Do", s.begun.Load(), 1, "one task came before Close")
		s.left("after Close and Join")

		other := newShop(t, exclaim)
		q := other.pool(pool.Options{Workers: 2, Tries: 1})
		applies(t, q, "a", "a!", nil, "another pool has been closed")
		exam.Error(t, "Join()", q.Join(), pool.ErrRunning, "another pool has been closed")
		q.Close()
		joins(t, q, "after Close")
		other.left("after Join")
	}, light...)
	interleave.Explore(t, func(t *testing.T) {
		s := newShop(t, exclaim)
		p := s.pool(pool.Options{Workers: 2, Tries: 1})
		p.Close()
		joins(t, p, "after Close, and there was never a task")
		s.left("after Join")
	}, light...)
	interleave.Explore(t, func(t *testing.T) {
		const when = "neither Close nor Terminate was called, and a task is not done before Join has returned"
		gate := make(chan struct{})
		s := newShop(t, func(h *hand, task string) (string, error) {
			<-gate
			return task + "!", nil
		})
		p := s.pool(pool.Options{Workers: 1, Tries: 1})
		r := p.Submit("a")
		exam.Error(t, "Join()", p.Join(), pool.ErrRunning, when)
		close(gate)
		gets(t, r, `Submit("a")`, "a!", nil, when)
		p.Close()
		joins(t, p, "after Close")
		s.left("after Join")
	}, light...)
}

// TestSubmitOrClose checks that a task that comes together with Close is done before Join returns, or refused.
//
//grade:todo 17.4
//grade:points 2
//grade:needs TestClosed
func TestSubmitOrClose(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		const when = "Submit on one side, Close and Join on the other"
		s := newShop(t, exclaim)
		p := s.pool(pool.Options{Workers: 1, Tries: 1})
		var r *pool.Result
		exam.Together(
			func() { r = p.Submit("a") },
			func() {
				p.Close()
				joins(t, p, when)
				s.left("Join has returned. " + when)
			},
		)
		answer, err := r.Get(ended())
		exam.OneOf(t, `Submit("a")`, answer+" "+class(err), []string{"a! no error", " " + class(pool.ErrClosed)}, "looked at after both. "+when)
		s.left("looked at after both. " + when)
	}, thorough...)
}

// TestJoinAfterCrash checks that Join also ends, and forgets no task, when workers have crashed.
//
//grade:todo 17.4
//grade:points 2
//grade:needs TestJoin TestPoison
func TestJoinAfterCrash(t *testing.T) {
	for _, c := range []struct {
		tries int
		want  string
		err   error
		when  string
	}{
		{1, "", pool.ErrCrashed, "Workers is 1, Tries is 1, the first worker crashes; Submit, Close, Join"},
		{2, "a!", nil, "Workers is 1, Tries is 2, the first worker crashes; Submit, Close, Join"},
	} {
		interleave.Explore(t, func(t *testing.T) {
			s := newShop(t, func(h *hand, task string) (string, error) {
				if h.number == 1 {
					return h.crash()
				}
				return task + "!", nil
			})
			p := s.pool(pool.Options{Workers: 1, Tries: c.tries})
			r := p.Submit("a")
			p.Close()
			joins(t, p, c.when)
			got(t, r, `Submit("a")`, c.want, c.err, "after Join. "+c.when)
			s.left("after Join. " + c.when)
		}, thorough...)
	}
	interleave.Explore(t, func(t *testing.T) {
		const when = "Workers is 2; one worker has crashed, the other one is idle; Close, Join"
		s := newShop(t, exclaim)
		p := s.pool(pool.Options{Workers: 2, Tries: 1})
		together(t, s, p, 2, "Workers is 2")
		s.do = func(h *hand, task string) (string, error) { return h.crash() }
		applies(t, p, "poison", "", pool.ErrCrashed, "Tries is 1")
		p.Close()
		joins(t, p, when)
		s.left("after Join. " + when)
	}, thorough...)
}

// TestJoinTogether checks that several calls of Join all return, and not before all is over.
//
//grade:todo 17.4
//grade:points 1
//grade:needs TestJoin
func TestJoinTogether(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		const when = "two call Join at the same time"
		s := newShop(t, exclaim)
		s.close = func(*hand) { runtime.Gosched() }
		p := s.pool(pool.Options{Workers: 1, Tries: 1})
		p.Submit("a")
		p.Close()
		join := func() {
			joins(t, p, when)
			s.left("one Join has returned; " + when)
		}
		exam.Together(join, join)
	}, light...)
}

// TestMaxTasks checks that a worker gets its share of tasks and not more, and is closed when it has had it.
//
//grade:todo 17.4
//grade:points 2
//grade:needs TestJoin
func TestMaxTasks(t *testing.T) {
	const taking = "Workers is 1, MaxTasks is 2; a worker takes a second to end"
	interleave.Explore(t, func(t *testing.T) {
		s := newShop(t, func(h *hand, task string) (string, error) {
			if h.tasks > 2 {
				t.Errorf("task %q is the %dth for worker %d, want at most 2: %s", task, h.tasks, h.number, taking)
			}
			if task == "fail" {
				return "", errTask
			}
			return task + "!", nil
		})
		s.close = func(*hand) { time.Sleep(second) }
		p := s.pool(pool.Options{Workers: 1, Tries: 1, MaxTasks: 2})
		applies(t, p, "a", "a!", nil, taking)
		time.Sleep(2 * second)
		exam.Equal(t, "workers ended by Close", s.closed.Load(), 0, "one task has been done. "+taking)
		applies(t, p, "fail", "", errTask, taking)
		time.Sleep(2 * second)
		exam.Equal(t, "workers ended by Close", s.closed.Load(), 1, "two tasks have been done, the second with an error, two seconds ago. "+taking)
		a, b, c := p.Submit("a"), p.Submit("b"), p.Submit("c")
		gets(t, a, `Submit("a")`, "a!", nil, taking)
		gets(t, b, `Submit("b")`, "b!", nil, taking)
		gets(t, c, `Submit("c")`, "c!", nil, taking)
		s.atMost(1, taking)
		exam.Equal(t, "calls of start", s.started.Load(), 3, "after five tasks. "+taking)
		p.Close()
		joins(t, p, taking)
		s.left("after Join. " + taking)
	}, light...)
	interleave.Explore(t, func(t *testing.T) {
		const when = "Workers is 2, MaxTasks is 2; each of two workers gets a task"
		s := newShop(t, exclaim)
		p := s.pool(pool.Options{Workers: 2, Tries: 1, MaxTasks: 2})
		for round, want := range []int{0, 2, 2} {
			together(t, s, p, 2, when)
			time.Sleep(second)
			exam.Equal(t, "workers ended by Close", s.closed.Load(), want, fmt.Sprintf("a second after round %d. %s", round+1, when))
		}
		exam.Equal(t, "calls of start", s.started.Load(), 4, "after three rounds. "+when)
		p.Close()
		joins(t, p, when)
		s.left("after Join. " + when)
	}, light...)
	for _, other := range []string{"start", "Do", "Close"} {
		interleave.Explore(t, func(t *testing.T) {
			const when = "Workers is 2, MaxTasks is 1; Submit, four times"
			s := newShop(t, exclaim)
			s.meet(step{1, "Close"}, step{2, other}, when)
			p := s.pool(pool.Options{Workers: 2, Tries: 1, MaxTasks: 1})
			submits(t, p, 4, when)
			p.Close()
			joins(t, p, when)
			s.left("after Join. " + when)
			s.atMost(2, when)
		}, light...)
	}
}

// TestMaxTasksCrash checks that a new worker begins to count anew, and that a crash on the last task is a crash.
//
//grade:todo 17.4
//grade:points 1
//grade:needs TestMaxTasks TestCrash
func TestMaxTasksCrash(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		const when = "Workers is 1, Tries is 2, MaxTasks is 2; the first worker crashes on its second task"
		s := newShop(t, func(h *hand, task string) (string, error) {
			if h.number == 1 && h.tasks == 2 {
				return h.crash()
			}
			return task + "!", nil
		})
		p := s.pool(pool.Options{Workers: 1, Tries: 2, MaxTasks: 2})
		applies(t, p, "a", "a!", nil, when)
		applies(t, p, "b", "b!", nil, when)
		applies(t, p, "c", "c!", nil, when)
		exam.Equal(t, "calls of start", s.started.Load(), 2, "four calls of Do. "+when)
		p.Close()
		joins(t, p, when)
		s.left("after Join. " + when)
		exam.Equal(t, "workers ended by Close", s.closed.Load(), 1, "after Join. "+when)
	}, light...)
}

// TestFullSpeed checks that nothing is lost when many tasks come at full speed, and some workers crash.
//
//grade:todo 17.4
//grade:points 1
//grade:needs TestWorkersTogether TestSubmitOrClose TestMaxTasks TestJoinAfterCrash
func TestFullSpeed(t *testing.T) {
	const clients, each, workers = 4, 50, 3
	const when = "four submit 50 tasks each at full speed; Workers is 3, MaxTasks is 4, Tries is 2"
	s := newShop(t, func(h *hand, task string) (string, error) {
		if task == "poison" {
			return h.crash()
		}
		return task + "!", nil
	})
	p := s.pool(pool.Options{Workers: workers, Tries: 2, MaxTasks: 4})
	exam.Within(t, "all of it: "+when, func() {
		var all sync.WaitGroup
		for range clients {
			all.Go(func() {
				var results []*pool.Result
				for i := range each {
					if i%10 == 3 {
						results = append(results, p.Submit("poison"))
					} else {
						results = append(results, p.Submit(fmt.Sprint(i)))
					}
				}
				for i, r := range results {
					if i%10 == 3 {
						gets(t, r, `Submit("poison")`, "", pool.ErrCrashed, when)
					} else {
						gets(t, r, fmt.Sprintf(`Submit("%d")`, i), fmt.Sprintf("%d!", i), nil, when)
					}
				}
			})
		}
		all.Wait()
		p.Close()
		joins(t, p, when)
	})
	s.left("after Join: " + when)
	s.atMost(workers, when)
	submitsMany(t)
}

// submitsMany checks that Submit waits for nobody, however many tasks there are already.
func submitsMany(t *testing.T) {
	t.Helper()
	const tasks = 3000
	when := fmt.Sprintf("Workers is 1; Submit, %d times, before the first task is done", tasks)
	gate := make(chan struct{})
	s := newShop(t, func(h *hand, task string) (string, error) {
		<-gate
		return task + "!", nil
	})
	p := s.pool(pool.Options{Workers: 1, Tries: 1})
	var results []*pool.Result
	exam.Within(t, "the last Submit: "+when, func() {
		for i := range tasks {
			results = append(results, p.Submit(fmt.Sprint(i)))
		}
	})
	close(gate)
	exam.Within(t, "Get of all, Close and Join: "+when, func() {
		for i, r := range results {
			gets(t, r, fmt.Sprintf(`Submit("%d")`, i), fmt.Sprintf("%d!", i), nil, when)
		}
		p.Close()
		joins(t, p, when)
	})
	s.left("after Join: " + when)
}
