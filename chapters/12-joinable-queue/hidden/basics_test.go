//go:build grade

package hidden

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	joinable "lockstep/chapters/12-joinable-queue"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
	"lockstep/grader/interleave/linearize"
)

func TestMain(m *testing.M) { exam.Main(m, joinable.ErrShutdown, joinable.ErrDone) }

var background = context.Background()

// settle returns when everybody else has done what can be done without the caller: time
// passes in an exploration only when nobody can run, and whoever polls looks now and then.
func settle() { time.Sleep(25 * time.Millisecond) }

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

// A user uses a queue and checks every result.
type user struct {
	t *testing.T
	q *joinable.Queue[string]
}

func newUser(t *testing.T) user { return user{t, joinable.New[string]()} }

func (u user) put(task string, want error, when string) {
	u.t.Helper()
	exam.Error(u.t, fmt.Sprintf("Put(%q)", task), u.q.Put(task), want, when)
}

func (u user) get(want, when string) {
	u.t.Helper()
	task, err := u.q.Get(background)
	if exam.Error(u.t, "Get(ctx)", err, nil, when) {
		exam.Equal(u.t, "Get(ctx)", task, want, when)
	}
}

// none calls a Get that gets nothing.
func (u user) none(ctx context.Context, want error, when string) {
	u.t.Helper()
	task, err := u.q.Get(ctx)
	exam.Error(u.t, "Get(ctx)", err, want, when)
	exam.Equal(u.t, "Get(ctx), with an error,", task, "", when)
}

func (u user) done(want error, when string) {
	u.t.Helper()
	exam.Error(u.t, "Done()", u.q.Done(), want, when)
}

func (u user) unfinished(want int, when string) {
	u.t.Helper()
	exam.Equal(u.t, "Unfinished()", u.q.Unfinished(), want, when)
}

func (u user) join(when string) {
	u.t.Helper()
	exam.Error(u.t, "Join(ctx)", u.q.Join(background), nil, when)
}

// A state is what is known of a queue between two calls.
type state struct {
	tasks []string
	taken int
	shut  bool
}

// A list is printed as what it holds, and can be compared.
type list string

func listed(tasks []string) list { return list(fmt.Sprintf("%q", tasks)) }

// model is a queue that is used by one goroutine.
var model = linearize.Model[state]{Name: "a joinable queue", Step: func(s state, op linearize.Op) (state, bool) {
	var err error
	if len(op.Results) > 0 {
		err, _ = op.Results[len(op.Results)-1].(error)
	}
	switch {
	case op.GaveUp():
		return s, true
	case op.Name == "Put" && err == nil:
		return state{append(slices.Clone(s.tasks), op.Args[0].(string)), s.taken, s.shut}, !s.shut
	case op.Name == "Put":
		return s, s.shut && errors.Is(err, joinable.ErrShutdown)
	case op.Name == "Get" && err == nil:
		if len(s.tasks) == 0 || s.tasks[0] != op.Results[0] {
			return s, false
		}
		return state{s.tasks[1:], s.taken + 1, s.shut}, true
	case op.Name == "Get":
		return s, s.shut && len(s.tasks) == 0 && errors.Is(err, joinable.ErrShutdown)
	case op.Name == "Done" && err == nil:
		return state{s.tasks, s.taken - 1, s.shut}, s.taken > 0
	case op.Name == "Done":
		return s, s.taken == 0 && errors.Is(err, joinable.ErrDone)
	case op.Name == "Unfinished":
		return s, op.Results[0] == len(s.tasks)+s.taken
	case op.Name == "Join":
		return s, err == nil && len(s.tasks)+s.taken == 0
	case op.Name == "Shutdown":
		return state{s.tasks, s.taken, true}, true
	case op.Name == "ShutdownNow":
		return state{nil, s.taken, true}, op.Results[0] == listed(s.tasks)
	}
	panic("the model knows no " + op.Name)
}}

// A record is a queue whose calls are written down.
type record struct {
	*linearize.History
	q    *joinable.Queue[string]
	main client // the goroutine that makes the record
}

func newRecord() record {
	r := record{History: linearize.New(model), q: joinable.New[string]()}
	r.main = r.client("main")
	return r
}

func (r record) client(name string) client { return client{r.Client(name), r.q} }

// A client is one goroutine that makes calls which are written down.
type client struct {
	*linearize.Client
	q *joinable.Queue[string]
}

func (c client) put(task string) { c.Call("Put", task).Return(c.q.Put(task)) }

func (c client) get() error { return c.getUntil(background) }

func (c client) getUntil(ctx context.Context) error {
	call := c.Call("Get")
	task, err := c.q.Get(ctx)
	call.Return(task, err)
	return err
}

func (c client) done()       { c.Call("Done").Return(c.q.Done()) }
func (c client) unfinished() { c.Call("Unfinished").Return(c.q.Unfinished()) }
func (c client) join()       { c.Call("Join").Return(c.q.Join(background)) }

func (c client) shutdown() {
	call := c.Call("Shutdown")
	c.q.Shutdown()
	call.Return()
}

func (c client) shutdownNow() { c.Call("ShutdownNow").Return(listed(c.q.ShutdownNow())) }

// TestQueue checks that tasks come out in their order and are unfinished until they are done.
//
//grade:todo 12.1
//grade:points 1
func TestQueue(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		u, other := newUser(t), newUser(t)
		u.unfinished(0, "of a new queue")
		for range 2 {
			u.put("b", nil, "nothing is in the queue")
			u.unfinished(1, "b is in the queue")
			u.put("a", nil, "b is in the queue")
			u.unfinished(2, "b and a are in the queue")
			u.get("b", "b came first, then a")
			u.unfinished(2, "a is in the queue, b has been taken out and is not done")
			u.get("a", "a is in the queue")
			u.unfinished(2, "a and b have been taken out and are not done")
			u.done(nil, "two have been taken out, and none is done")
			u.unfinished(1, "two have been taken out, and one is done")
			u.put("", nil, "nothing is in the queue, one is not done; the task is the empty string")
			u.done(nil, "two have been taken out, and one is done")
			u.unfinished(1, "the empty string is in the queue")
			u.get("", "the empty string is in the queue")
			u.done(nil, "it has been taken out")
			u.unfinished(0, "everything is done")
		}
		for i := range 100 {
			u.put(fmt.Sprint(i), nil, "there is no limit")
		}
		u.unfinished(100, "so many have been put in")
		for i := range 100 {
			u.get(fmt.Sprint(i), "0, 1, 2, … have been put in")
		}
		other.unfinished(0, "of another queue, which nobody has used")
	}, interleave.Schedules(1))
	u := newUser(t)
	exam.Within(t, fmt.Sprintf("%d Puts, and then as many Gets", many), func() {
		for i := range many {
			u.put(fmt.Sprint(i), nil, "there is no limit")
		}
		u.unfinished(many, "so many have been put in")
		for i := range many {
			if u.get(fmt.Sprint(i), "0, 1, 2, … have been put in"); t.Failed() {
				return // or it may wait for what has been lost
			}
		}
		u.unfinished(many, "so many have been taken out and are not done")
	})
	worn(t, func(u user, tasks []string, when string) {
		for _, task := range tasks {
			u.get(task, when)
		}
	})
}

// TestGetWaits checks that Get waits for a task, and every task ends the waiting of one.
//
//grade:todo 12.1
//grade:points 2
//grade:needs TestQueue
func TestGetWaits(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		u := newUser(t)
		var back exam.Count
		get := func() {
			task, err := u.q.Get(background)
			back.Add()
			exam.Error(t, "Get(ctx)", err, nil, "it waited for a task")
			exam.OneOf(t, "Get(ctx)", task, []string{"a", "b", "c"}, "a, b and c have been put in")
		}
		exam.Together(get, get, get, func() {
			settle()
			exam.Equal(t, "Gets that have returned", back.Load(), 0, "three wait, and nothing has been put in")
			u.put("a", nil, "three wait for a task")
			settle()
			exam.Equal(t, "Gets that have returned", back.Load(), 1, "three waited, and a has been put in")
			u.put("b", nil, "two wait for a task")
			u.put("c", nil, "two wait for a task, and one has been put in")
		})
		u.unfinished(3, "three have been taken out, and none is done")
	}, interleave.Schedules(300), interleave.Preemptions(1))
	interleave.Explore(t, func(t *testing.T) {
		u := newUser(t)
		get := func() { u.q.Get(background) }
		exam.Together(get, get, func() { u.q.Put("a"); u.q.Put("b") })
		u.unfinished(2, "two have been taken out, and none is done")
	})
	interleave.Once(t, func(t *testing.T) {
		u := newUser(t)
		var back exam.Count
		all := []func(){func() {
			time.Sleep(time.Nanosecond) // until all others wait
			for range crowd {
				u.put("a", nil, "others wait for tasks")
			}
		}}
		for range crowd {
			all = append(all, func() {
				u.get("a", fmt.Sprintf("%d wait for a task", crowd))
				back.Add()
			})
		}
		exam.Together(all...)
		exam.Equal(t, "Gets that have returned", back.Load(), crowd, "so many waited, and as many tasks have been put in")
		u.unfinished(crowd, "so many have been taken out, and none is done")
	})
}

// TestGetGivesUp checks that Get stops waiting when its context ends, and loses no task, not even nil.
//
//grade:todo 12.1
//grade:points 2
//grade:needs TestGetWaits
func TestGetGivesUp(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		u := newUser(t)
		u.none(ended(), context.Canceled, "ctx was cancelled before")
		ctx, cancel := context.WithTimeoutCause(background, time.Second, errCause)
		defer cancel()
		u.none(ctx, context.DeadlineExceeded, "nothing is put in, and ctx ends after a second")
		u.put("a", nil, "a Get has given up")
		settle()
		u.none(ended(), context.Canceled, "ctx was cancelled before, but a is in the queue")
		u.unfinished(1, "a is in the queue")
		u.done(joinable.ErrDone, "a is in the queue, and whoever has given up has taken nothing out")
		u.get("a", "a is in the queue")
	}, interleave.Schedules(100))
	interleave.Explore(t, func(t *testing.T) {
		u := newUser(t)
		ctx, cancel := context.WithCancelCause(background)
		exam.Together(
			func() {
				u.none(ctx, context.Canceled, "ctx is cancelled as it begins to wait, and nothing is put in")
			},
			func() { cancel(errCause) },
		)
		u.unfinished(0, "nothing has been put in")
	}, interleave.Schedules(100))
	interleave.Explore(t, func(t *testing.T) { // who does not give up leaves no trace, either
		u := newUser(t)
		exam.Together(
			func() {
				task, err := u.q.Get(endless())
				exam.Error(t, "Get(ctx)", err, nil, "ctx does not end, and a is put in")
				exam.Equal(t, "Get(ctx)", task, "a", "ctx does not end, and a is put in")
			},
			func() { u.put("a", nil, "it is new") },
		)
	}, interleave.Schedules(100))
	interleave.Explore(t, func(t *testing.T) {
		u := newUser(t)
		ctx, cancel := context.WithCancel(background)
		exam.Together(
			func() {
				if _, err := u.q.Get(ctx); err == nil {
					u.q.Put("b")
				}
			},
			func() { u.q.Get(background) },
			func() {
				settle()
				go cancel()
				u.q.Put("a")
			},
		)
		u.done(nil, "a task has been taken out")
	}, interleave.Schedules(100))
	interleave.Explore(t, func(t *testing.T) { // nor does he wait for another one, who waits as well
		u := newUser(t)
		exam.Together(
			func() { u.get("a", "it waited until it was put in") },
			func() {
				settle()
				ctx, cancel := context.WithTimeout(background, time.Second)
				defer cancel()
				u.none(ctx, context.DeadlineExceeded, "ctx ends after a second, and another Get waits, whose ctx does not end")
				u.put("a", nil, "the other Get waits")
			},
		)
	}, interleave.Schedules(100))
	plays(t, "get cancel put get done", "get get cancel get put put get", "get get cancel get get put put")
	interleave.Explore(t, func(t *testing.T) {
		q := joinable.New[error]()
		for range 2 {
			exam.Error(t, "Put(nil)", q.Put(nil), nil, "of New[error]()")
		}
		task, err := q.Get(background)
		exam.Error(t, "Get(ctx)", err, nil, "nil has been put in, twice")
		exam.Equal(t, "Get(ctx)", task, nil, "nil has been put in, twice")
		exam.Equal(t, "Unfinished()", q.Unfinished(), 2, "nil has been put in, twice, and taken out once")
	}, interleave.Schedules(1))
	interleave.Explore(t, func(t *testing.T) {
		u := newUser(t)
		exam.Together(
			func() {
				task, err := u.q.Get(endless())
				exam.Error(t, "Get(ctx)", err, nil, "it waited for a task for days, and ctx has not ended")
				exam.Equal(t, "Get(ctx)", task, "a", "it waited for a task for days, and a has been put in")
			},
			func() {
				runtime.Gosched()
				u.put("a", nil, "one has waited for days")
			},
		)
	}, interleave.DaysMayPass())
}

// TestDoneTooOften checks that no more tasks can be done than have been taken out.
//
//grade:todo 12.1
//grade:points 2
//grade:needs TestQueue
func TestDoneTooOften(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		u := newUser(t)
		u.done(joinable.ErrDone, "nobody has put anything in")
		u.unfinished(0, "a Done was refused")
		u.put("a", nil, "nothing is in the queue")
		u.put("b", nil, "a is in the queue")
		u.done(joinable.ErrDone, "a and b are in the queue, and nobody has taken them out")
		u.unfinished(2, "a and b are in the queue, and a Done was refused")
		u.get("a", "a came first, then b")
		u.done(nil, "a has been taken out")
		u.done(joinable.ErrDone, "a is done already, and b is in the queue")
		u.unfinished(1, "a is done, b is in the queue, and a Done was refused")
		u.get("b", "b is in the queue")
		u.done(nil, "b has been taken out")
		u.done(joinable.ErrDone, "everything is done")
		u.unfinished(0, "everything is done, and a Done was refused")
	}, interleave.Schedules(1))
	interleave.Explore(t, func(t *testing.T) {
		u := newUser(t)
		u.put("a", nil, "nothing is in the queue")
		u.put("b", nil, "a is in the queue")
		u.get("a", "a came first, then b")
		var errs [2]error
		exam.Together(
			func() { errs[0] = u.q.Done() },
			func() { errs[1] = u.q.Done() },
		)
		if errs[0] != nil {
			errs[0], errs[1] = errs[1], errs[0]
		}
		const when = "two goroutines say at the same time that the one task is done that has been taken out"
		exam.Error(t, "Done(), of the one", errs[0], nil, when)
		exam.Error(t, "Done(), of the other", errs[1], joinable.ErrDone, when)
		u.unfinished(1, "a is done, and b is in the queue")
	})
}

// TestTogether checks that Put, Get, Done and Unfinished act in one step each, whoever else is at it.
//
//grade:todo 12.1
//grade:points 2
//grade:needs TestGetWaits TestDoneTooOften
func TestTogether(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		r := newRecord()
		a, b, c := r.client("A"), r.client("B"), r.client("C")
		exam.Together(
			func() { a.put("a"); a.put("b") },
			func() { b.get(); b.done() },
			func() { c.unfinished(); c.done() },
		)
		r.main.unfinished()
		r.main.get()
		r.Check(t)
	}, interleave.Schedules(300))
	interleave.Explore(t, func(t *testing.T) {
		r := newRecord()
		a, b, c := r.client("A"), r.client("B"), r.client("C")
		exam.Together(
			func() { a.put("a"); a.get() },
			func() { b.put("b"); b.get() },
			func() { c.put("c") },
		)
		r.main.unfinished()
		for range 3 { // two have been taken out
			r.main.done()
		}
		r.main.unfinished()
		r.main.get()
		r.Check(t)
	}, interleave.Schedules(300))
}
