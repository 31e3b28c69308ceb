//go:build grade

package hidden

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"time"

	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// TestJoin checks that Join waits until everything is done, and not until the queue is empty.
//
//grade:todo 12.2
//grade:points 2
//grade:needs TestQueue
func TestJoin(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		u := newUser(t)
		u.join("of a new queue")
		exam.Error(t, "Join(ctx)", u.q.Join(ended()), nil, "ctx was cancelled before, but nothing is unfinished")
		for range 2 { // the second time it has been joined before
			var back exam.Count
			join := func() {
				u.join("it waited, and the last task is done")
				back.Add()
			}
			u.put("a", nil, "everything is done")
			exam.Together(join, join, func() {
				settle()
				exam.Equal(t, "Joins that have returned", back.Load(), 0, "a is in the queue")
				u.get("a", "a is in the queue")
				settle()
				exam.Equal(t, "Joins that have returned", back.Load(), 0, "a has been taken out and is not done")
				u.done(nil, "a has been taken out")
				settle()
				exam.Equal(t, "Joins that have returned", back.Load(), 2, "two waited, and a is done")
			})
			u.join("everything is done")
		}
	}, interleave.Schedules(200))
}

// TestJoinLateTasks checks that tasks count that are put in while somebody waits.
//
//grade:todo 12.2
//grade:points 2
//grade:needs TestJoin
func TestJoinLateTasks(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		u := newUser(t)
		u.put("a", nil, "it is new")
		u.get("a", "a is in the queue")
		var back exam.Count
		exam.Together(
			func() {
				u.join("it waited, and the last task is done")
				back.Add()
				u.unfinished(0, "Join has returned, and nothing has been put in since")
			},
			func() {
				u.put("b", nil, "a is not done, and Join waits")
				u.done(nil, "a has been taken out")
				settle()
				exam.Equal(t, "Joins that have returned", back.Load(), 0, "a is done; b was put in before that, while Join waited")
				u.get("b", "b is in the queue")
				u.done(nil, "b has been taken out")
			},
		)
	})
}

// TestJoinMissesNothing checks that nobody misses the end who comes just before it.
//
//grade:todo 12.2
//grade:points 3
//grade:needs TestJoin TestGetWaits
func TestJoinMissesNothing(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		r := newRecord()
		a, b, c := r.client("A"), r.client("B"), r.client("C")
		r.main.put("a")
		exam.Together(a.join, b.join, func() { c.get(); c.done() })
		r.Check(t)
	}, interleave.Schedules(300))
	interleave.Explore(t, func(t *testing.T) {
		r := newRecord()
		a, b, c := r.client("A"), r.client("B"), r.client("C")
		r.main.put("a")
		r.main.put("b")
		exam.Together(a.join, func() { b.get(); b.done() }, func() { c.get(); c.done() })
		r.Check(t)
	}, interleave.Schedules(300))
	plays(t, // those who get and those who join, beside each other
		"get put join join done",
		"get join put join done",
		"put get join get put done done",
		"put join put get get done done",
		"put get done get join put put join get done done",
		"put get join join join done",
	)
}

// TestJoinTogether checks that Join returns only if nothing was unfinished at some moment.
//
//grade:todo 12.2
//grade:points 2
//grade:needs TestJoin TestTogether
func TestJoinTogether(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		r := newRecord()
		a, b := r.client("A"), r.client("B")
		exam.Together(
			func() { a.put("a"); a.put("b"); a.get(); a.done() },
			func() { b.get(); b.done(); b.join() },
			func() { r.main.join() },
		)
		r.Check(t)
	}, interleave.Schedules(300))
	plays(t, "put join done get done done join") // the first Done is refused
	interleave.Once(t, func(t *testing.T) {
		u := newUser(t)
		u.put("a", nil, "it is new")
		u.get("a", "a is in the queue")
		all := []func(){func() {
			time.Sleep(time.Nanosecond) // until all others wait
			u.done(nil, "a has been taken out, and others join")
		}}
		for range crowd {
			all = append(all, func() { u.join(fmt.Sprintf("%d join, and the last task is done", crowd)) })
		}
		exam.Together(all...)
	})
}

// TestJoinPublishes checks that what was done before Done is visible to whose Join has returned.
//
//grade:todo 12.2
//grade:points 1
//grade:needs TestJoin
func TestJoinPublishes(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		u := newUser(t)
		u.q.Put("a")
		u.q.Put("b")
		var results [2]int
		work := func(i int) func() {
			return func() {
				u.q.Get(background)
				results[i] = i + 1
				u.q.Done()
			}
		}
		exam.Together(work(0), work(1), func() {
			u.join("two tasks are done by two goroutines")
			exam.Equal(t, "results", results, [2]int{1, 2}, "they were written before Done, and read after Join")
		})
	}, interleave.Schedules(300))
	interleave.Explore(t, func(t *testing.T) {
		u := newUser(t)
		question, answer := 0, 0
		exam.Together(
			func() { question = 20; u.q.Put("a") },
			func() { u.q.Get(background); answer = question + 1 },
		)
		exam.Equal(t, "what was written before Put, and read after Get", answer, 21, "by another goroutine")
	}, interleave.Schedules(100))
}

// TestJoinGivesUp checks that Join stops waiting when its context ends, and leaves no trace.
//
//grade:todo 12.2
//grade:points 2
//grade:needs TestJoin
func TestJoinGivesUp(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		u := newUser(t)
		u.put("a", nil, "it is new")
		exam.Error(t, "Join(ctx)", u.q.Join(ended()), context.Canceled, "ctx was cancelled before, and a is in the queue")
		ctx, cancel := context.WithTimeoutCause(background, time.Second, errCause)
		defer cancel()
		exam.Error(t, "Join(ctx)", u.q.Join(ctx), context.DeadlineExceeded, "a is in the queue, and ctx ends after a second")
	}, interleave.Schedules(100))
	interleave.Explore(t, func(t *testing.T) {
		u := newUser(t)
		u.put("a", nil, "it is new")
		u.get("a", "a is in the queue")
		ctx, cancel := context.WithCancelCause(background)
		exam.Together(
			func() {
				exam.Error(t, "Join(ctx)", u.q.Join(ctx), context.Canceled, "ctx is cancelled as it begins to wait, and a is never done")
			},
			func() { cancel(errCause) },
		)
	}, interleave.Schedules(100))
	interleave.Explore(t, func(t *testing.T) {
		u := newUser(t)
		u.put("a", nil, "it is new")
		u.get("a", "a is in the queue")
		ctx, cancel := context.WithCancel(background)
		exam.Together(
			func() { u.q.Join(ctx) },
			func() { u.join("another one has given up, and the last task is done") },
			func() {
				settle()
				go cancel()
				u.done(nil, "a has been taken out")
			},
		)
		u.join("everything is done")
	}, interleave.Schedules(100))
	interleave.Explore(t, func(t *testing.T) {
		u := newUser(t)
		u.put("a", nil, "it is new")
		u.get("a", "a is in the queue")
		ctx, cancel := context.WithCancel(background)
		var back exam.Count
		exam.Together(
			func() {
				exam.Error(t, "Join(ctx)", u.q.Join(endless()), nil, "ctx does not end, and the last task is done")
			},
			func() {
				settle() // the other one waits
				exam.Error(t, "Join(ctx)", u.q.Join(ctx), context.Canceled, "ctx is cancelled, another one waits with another ctx, and a is not done")
				back.Add()
			},
			func() {
				settle()
				settle()
				cancel()
				settle()
				exam.Equal(t, "Joins that have returned", back.Load(), 1, "two wait, the ctx of one of them has been cancelled, and a is not done")
				u.done(nil, "a has been taken out")
			},
		)
	}, interleave.Schedules(100))
	plays(t, "put get join cancel join done join", "put join get join cancel done join")
	interleave.Explore(t, func(t *testing.T) {
		u := newUser(t)
		u.put("a", nil, "it is new")
		u.get("a", "a is in the queue")
		exam.Together(
			func() {
				exam.Error(t, "Join(ctx)", u.q.Join(endless()), nil, "it waited for days, ctx has not ended, and the last task is done")
				u.unfinished(0, "Join has returned, after days")
			},
			func() {
				runtime.Gosched()
				u.done(nil, "a has been taken out, days ago")
			},
		)
	}, interleave.DaysMayPass())
}
