//go:build grade

package hidden

import (
	"context"
	"testing"

	joinable "lockstep/chapters/12-joinable-queue"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// TestShutdown checks that nothing comes in after Shutdown, and what is in comes out.
//
//grade:todo 12.3
//grade:points 2
//grade:needs TestQueue
func TestShutdown(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		u := newUser(t)
		u.put("a", nil, "it is new")
		u.put("b", nil, "a is in the queue")
		u.get("a", "a came first, then b")
		u.q.Shutdown()
		u.put("c", joinable.ErrShutdown, "after Shutdown()")
		u.unfinished(2, "a is not done, b is in the queue, and c was refused")
		u.none(ended(), context.Canceled, "ctx was cancelled before, and the queue has been shut down; b is in it")
		u.get("b", "b was in the queue when it was shut down")
		u.none(background, joinable.ErrShutdown, "the queue has been shut down and is empty")
		u.none(ended(), context.Canceled, "ctx was cancelled before, and the queue has been shut down and is empty")
		u.unfinished(2, "a and b have been taken out and are not done")
		u.done(nil, "a and b have been taken out; the queue has been shut down")
		u.q.Shutdown()
		u.put("c", joinable.ErrShutdown, "after Shutdown() and Shutdown()")
		u.done(nil, "b is not done; the queue has been shut down")
		u.done(joinable.ErrDone, "everything is done; the queue has been shut down")
		u.none(background, joinable.ErrShutdown, "the queue has been shut down and is empty")
		u.unfinished(0, "everything is done")
		exam.Error(t, "Join(ctx)", u.q.Join(background), nil, "the queue has been shut down, and everything is done")

		other := newUser(t)
		other.q.Shutdown()
		other.none(background, joinable.ErrShutdown, "the queue was shut down when it was new")
	}, interleave.Schedules(1))
}

// TestShutdownWakes checks that Shutdown ends the waiting of all for whom nothing will come.
//
//grade:todo 12.3
//grade:points 3
//grade:needs TestShutdown TestGetWaits
func TestShutdownWakes(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		u := newUser(t)
		get := func() { u.none(background, joinable.ErrShutdown, "nothing is put in, and the queue is shut down") }
		exam.Together(get, get, u.q.Shutdown)
	})
	interleave.Explore(t, func(t *testing.T) {
		u := newUser(t)
		var got, refused exam.Count
		get := func() {
			if _, err := u.q.Get(background); err == nil {
				got.Add()
			} else if exam.Error(t, "Get(ctx)", err, joinable.ErrShutdown, "the queue is shut down") {
				refused.Add()
			}
		}
		exam.Together(get, get, func() { u.q.Put("a"); u.q.Shutdown() })
		const when = "two wait, one task is put in, and then the queue is shut down"
		exam.Equal(t, "Gets that got a task", got.Load(), 1, when)
		exam.Equal(t, "Gets that returned ErrShutdown", refused.Load(), 1, when)
	}, interleave.Schedules(300))
	plays(t, "get get get shutdown get put")
}

// TestShutdownJoin checks that Join waits for what is unfinished, shutdown or not.
//
//grade:todo 12.3
//grade:points 1
//grade:needs TestShutdownWakes TestJoin
func TestShutdownJoin(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		u := newUser(t)
		var back exam.Count
		u.put("a", nil, "it is new")
		exam.Together(
			func() {
				u.join("the queue has been shut down, and the last task is done")
				back.Add()
			},
			func() {
				settle()
				u.q.Shutdown()
				settle()
				exam.Equal(t, "Joins that have returned", back.Load(), 0, "the queue has been shut down, and a is in it")
				u.get("a", "a was in the queue when it was shut down")
				settle()
				exam.Equal(t, "Joins that have returned", back.Load(), 0, "the queue has been shut down, and a is not done")
				u.done(nil, "a has been taken out")
			},
		)
	}, interleave.Schedules(200))
	plays(t, // in whatever order they come
		"put get shutdown join done",
		"put get get join shutdown done",
		"put get put join shutdown get done get done join",
		"shutdown join put join get",
		"put join shutdown get join done",
	)
}

// TestShutdownTogether checks that a task that was accepted comes out, and one that was not does not.
//
//grade:todo 12.3
//grade:points 2
//grade:needs TestShutdown TestTogether
func TestShutdownTogether(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		r := newRecord()
		a, b, c := r.client("A"), r.client("B"), r.client("C")
		exam.Together(
			func() { a.put("a"); a.put("b") },
			func() { b.get() },
			func() { c.shutdown(); c.put("c") },
		)
		for r.main.get() == nil {
		}
		r.main.unfinished()
		r.Check(t)
	}, interleave.Schedules(300))
	interleave.Explore(t, func(t *testing.T) { // beside another one
		r := newRecord()
		a, b := r.client("A"), r.client("B")
		r.main.put("x")
		exam.Together(
			func() { a.shutdown(); a.put("a") },
			func() { b.shutdown(); b.put("b") },
		)
		r.main.get()
		r.main.get()
		r.Check(t)
	}, interleave.Schedules(200))
	givesUp(t, client.shutdown)
}

// TestShutdownNow checks that ShutdownNow takes out what is in the queue, and leaves unfinished what is not.
//
//grade:todo 12.4
//grade:points 2
//grade:needs TestShutdown TestJoin
func TestShutdownNow(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		u := newUser(t)
		now := func(want list, when string) {
			t.Helper()
			exam.Equal(t, "ShutdownNow()", listed(u.q.ShutdownNow()), want, when)
		}
		for _, task := range []string{"c", "a", "d", "b"} {
			u.put(task, nil, "it is new")
		}
		u.get("c", "c came first")
		now(`["a" "d" "b"]`, "c, a, d and b were put in, and c was taken out")
		u.put("e", joinable.ErrShutdown, "after ShutdownNow()")
		u.none(background, joinable.ErrShutdown, "after ShutdownNow()")
		u.unfinished(1, "c has been taken out and is not done; the rest came out with ShutdownNow()")
		exam.Error(t, "Join(ctx)", u.q.Join(ended()), context.Canceled, "ctx was cancelled before, and c is not done")
		now("[]", "there was one before")
		u.q.Shutdown()
		u.done(nil, "c has been taken out")
		u.done(joinable.ErrDone, "c is done; what came out with ShutdownNow() needs no Done")
		u.unfinished(0, "c is done")
		u.join("c is done")

		u = newUser(t)
		u.put("a", nil, "it is new")
		u.q.Shutdown()
		now(`["a"]`, "after Shutdown(), with a in the queue")
		u.none(background, joinable.ErrShutdown, "after Shutdown() and ShutdownNow()")
		u.join("after Shutdown() and ShutdownNow(), and nothing was taken out before")

		u = newUser(t)
		now("[]", "it is new")
		u.put("a", joinable.ErrShutdown, "after ShutdownNow() of a new queue")

		u = newUser(t)
		u.put("", nil, "it is new")
		now(`[""]`, "the empty string was put in")
	}, interleave.Schedules(1))
	worn(t, func(u user, tasks []string, when string) {
		exam.Equal(t, "ShutdownNow()", listed(u.q.ShutdownNow()), listed(tasks), when)
		u.unfinished(0, "after ShutdownNow(), and nothing was taken out before")
	})
}

// TestShutdownNowWakes checks that ShutdownNow ends the waiting of those who get, and of those who join if nothing is left.
//
//grade:todo 12.4
//grade:points 3
//grade:needs TestShutdownNow TestShutdownWakes
func TestShutdownNowWakes(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		u := newUser(t)
		get := func() {
			u.none(background, joinable.ErrShutdown, "nothing is put in, and the queue is shut down, by ShutdownNow")
		}
		exam.Together(get, get, func() { u.q.ShutdownNow() })
	}, interleave.Schedules(300))
	interleave.Explore(t, func(t *testing.T) {
		u := newUser(t)
		u.put("a", nil, "it is new")
		join := func() { u.join("ShutdownNow has taken out what was in the queue, and nothing else is unfinished") }
		exam.Together(join, join, func() { u.q.ShutdownNow() })
	}, interleave.Schedules(300))
	interleave.Explore(t, func(t *testing.T) {
		u := newUser(t)
		u.put("a", nil, "it is new")
		u.put("b", nil, "a is in the queue")
		u.get("a", "a came first, then b")
		var back exam.Count
		exam.Together(
			func() {
				u.join("ShutdownNow has taken out what was in the queue, and the rest is done")
				back.Add()
			},
			func() {
				settle()
				u.q.ShutdownNow()
				settle()
				exam.Equal(t, "Joins that have returned", back.Load(), 0, "ShutdownNow has taken out b, and a is not done")
				u.done(nil, "a has been taken out")
			},
		)
	}, interleave.Schedules(200))
	interleave.Explore(t, func(t *testing.T) { // beside the Done of the rest, while somebody waits for both
		r := newRecord()
		a, b, c := r.client("A"), r.client("B"), r.client("C")
		r.main.put("x")
		r.main.put("y")
		r.main.get()
		exam.Together(a.join, b.done, c.shutdownNow)
		r.Check(t)
	}, interleave.Schedules(200))
	plays(t, // whatever was before, and whoever waits
		"put join shutdown now",
		"put join now join now",
		"put get get join now done",
		"put put get join shutdown now done",
		"put get put join now join done",
		"get now put get join",
		"put get join join join now done",
		"get get get now get put",
	)
}

// TestShutdownNowTogether checks that every task that was accepted comes out, by Get or by ShutdownNow, and only once.
//
//grade:todo 12.4
//grade:points 2
//grade:needs TestShutdownNow TestShutdownTogether
func TestShutdownNowTogether(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		r := newRecord()
		a, b, c := r.client("A"), r.client("B"), r.client("C")
		r.main.put("x")
		exam.Together(
			func() { a.put("a"); a.unfinished() },
			func() {
				if b.get() == nil {
					b.done()
				}
			},
			func() { c.shutdownNow(); c.join() },
		)
		r.main.unfinished()
		r.main.get()
		r.Check(t)
	}, interleave.Schedules(300))
	for _, other := range []func(client){client.shutdown, client.shutdownNow} {
		interleave.Explore(t, func(t *testing.T) { // beside another one
			r := newRecord()
			a, b := r.client("A"), r.client("B")
			r.main.put("x")
			exam.Together(
				func() { a.shutdownNow(); a.unfinished() },
				func() { other(b); b.put("b") },
			)
			r.main.get()
			r.Check(t)
		}, interleave.Schedules(200))
	}
	givesUp(t, client.shutdownNow)
}

// givesUp checks what becomes of a task that comes as the context ends of the one who waits
// for it, and right before a shutdown: he takes it out, or it stays in the queue.
func givesUp(t *testing.T, shutdown func(client)) {
	t.Helper()
	interleave.Explore(t, func(t *testing.T) {
		r := newRecord()
		a, b := r.client("A"), r.client("B")
		ctx, cancel := context.WithCancel(background)
		exam.Together(
			func() { a.getUntil(ctx) },
			func() {
				settle()
				go cancel()
				b.put("a")
				shutdown(b)
				b.done()
			},
		)
		r.main.get()
		r.main.unfinished()
		r.Check(t)
	}, interleave.Schedules(200))
}
