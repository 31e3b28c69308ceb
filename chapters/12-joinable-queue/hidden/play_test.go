//go:build grade

package hidden

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	joinable "lockstep/chapters/12-joinable-queue"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// plays plays each of them, in a few schedules.
func plays(t *testing.T, all ...string) {
	t.Helper()
	for _, calls := range all {
		interleave.Explore(t, func(t *testing.T) { play(t, strings.Fields(calls)) },
			interleave.Schedules(20), interleave.Preemptions(0), interleave.Budget(20))
	}
}

// play makes calls, one after the other. Who has to wait goes on waiting beside that, and
// before the next call everybody has done what he can do: so there is only one way in which
// it can go. Cancel ends the contexts of all who wait. Another queue is there all the time,
// with a task that is not done; somebody gets there and, if there are joins, somebody joins.
func play(t *testing.T, calls []string) {
	q, other := joinable.New[string](), joinable.New[string]()
	back := make(chan string, 100) // what has returned
	get := func(ctx context.Context, q *joinable.Queue[string], whose string) {
		task, err := q.Get(ctx)
		back <- fmt.Sprintf("%sGet(ctx) = %q, %s", whose, task, known(err))
	}
	join := func(ctx context.Context, q *joinable.Queue[string], whose string) {
		back <- whose + "Join(ctx) = " + known(q.Join(ctx))
	}
	var ctx context.Context // of all who wait
	var cancel context.CancelCauseFunc
	renew := func() { ctx, cancel = context.WithCancelCause(background) }
	renew()
	apart, end := context.WithCancel(background)
	other.Put("other")
	other.Get(background)
	go get(apart, other, "another queue's ")
	if slices.Contains(calls, "join") {
		go join(apart, other, "another queue's ")
	}
	defer settle() // they go home
	defer func() { cancel(errCause); end() }()
	defer settle()
	defer other.Done()
	settle()

	m := &waiters{}
	for i, call := range calls {
		switch call {
		case "put":
			task := m.next()
			back <- fmt.Sprintf("Put(%q) = %s", task, known(q.Put(task)))
		case "get":
			go get(ctx, q, "")
		case "done":
			back <- "Done() = " + known(q.Done())
		case "join":
			go join(ctx, q, "")
		case "cancel":
			cancel(errCause)
			renew()
		case "shutdown":
			q.Shutdown()
		case "now":
			back <- fmt.Sprintf("ShutdownNow() = %q", q.ShutdownNow())
		}
		settle()
		back <- fmt.Sprintf("Unfinished() = %d", q.Unfinished())
		var got []string
		for len(back) > 0 {
			got = append(got, <-back)
		}
		slices.Sort(got)
		when := "the last of: " + strings.Join(calls[:i+1], ", ") + "; everybody had done what he could do before that"
		if !exam.Equal(t, "what returns", strings.Join(got, "; "), strings.Join(m.step(call), "; "), when) {
			return
		}
	}
}

// known says which error it is.
func known(err error) string {
	for name, e := range map[string]error{"ErrShutdown": joinable.ErrShutdown, "ErrDone": joinable.ErrDone, "ctx.Err()": context.Canceled} {
		if errors.Is(err, e) {
			return name
		}
	}
	return fmt.Sprint(err)
}

// waiters is a queue and those who wait there, when nobody can go on.
type waiters struct {
	state
	puts, gets, joins int
}

// next is the next task.
func (m *waiters) next() string { return string(rune('a' + m.puts)) }

// step is one call, and what returns then, sorted.
func (m *waiters) step(call string) (returns []string) {
	say := func(format string, args ...any) { returns = append(returns, fmt.Sprintf(format, args...)) }
	switch call {
	case "put":
		if m.shut {
			say("Put(%q) = ErrShutdown", m.next())
		} else {
			say("Put(%q) = <nil>", m.next())
			m.tasks = append(m.tasks, m.next())
		}
		m.puts++
	case "get":
		m.gets++
	case "done":
		if m.taken == 0 {
			say("Done() = ErrDone")
		} else {
			say("Done() = <nil>")
			m.taken--
		}
	case "join":
		m.joins++
	case "cancel":
		for ; m.gets > 0; m.gets-- {
			say(`Get(ctx) = "", ctx.Err()`)
		}
		for ; m.joins > 0; m.joins-- {
			say("Join(ctx) = ctx.Err()")
		}
	case "shutdown":
		m.shut = true
	case "now":
		say("ShutdownNow() = %q", m.tasks)
		m.tasks, m.shut = nil, true
	}
	for ; m.gets > 0 && len(m.tasks) > 0; m.gets-- {
		say("Get(ctx) = %q, <nil>", m.tasks[0])
		m.tasks, m.taken = m.tasks[1:], m.taken+1
	}
	for ; m.gets > 0 && m.shut; m.gets-- {
		say(`Get(ctx) = "", ErrShutdown`)
	}
	unfinished := len(m.tasks) + m.taken
	for ; m.joins > 0 && unfinished == 0; m.joins-- {
		say("Join(ctx) = <nil>")
	}
	say("Unfinished() = %d", unfinished)
	slices.Sort(returns)
	return returns
}

// crowd is how many come when any number may: more than people make up limits for.
const crowd = 300

// many is more than there is room for in what somebody has taken for large enough.
const many = 5000

// worn calls use with queues out of which some tasks have been taken, and others put in: if
// somebody's ring or array has an end, the tasks lie around it, or did when it had to grow.
func worn(t *testing.T, use func(u user, tasks []string, when string)) {
	t.Helper()
	worn := func(t *testing.T, n, out, in int) {
		if t.Failed() {
			return // one is enough
		}
		u := newUser(t)
		for i := range n {
			u.put(fmt.Sprint(i), nil, "there is no limit")
		}
		for i := range out {
			u.get(fmt.Sprint(i), "0, 1, 2, … have been put in")
			u.done(nil, "one has been taken out")
		}
		var tasks []string
		for i := out; i < n+in; i++ {
			tasks = append(tasks, fmt.Sprint(i))
			if i >= n {
				u.put(tasks[i-out], nil, "there is no limit")
			}
		}
		use(u, tasks, fmt.Sprintf("%d were put in, %d taken out and done, and %d put in", n, out, in))
	}
	interleave.Explore(t, func(t *testing.T) {
		for n := 2; n <= 32; n *= 2 {
			for _, out := range []int{n / 2, n} {
				worn(t, n, out, out)
				worn(t, n, out, out+n)
			}
		}
	}, interleave.Schedules(1), interleave.Preemptions(-1))
}
