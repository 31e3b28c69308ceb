//go:build grade

package hidden

import (
	"context"
	"runtime"
	"testing"
	"time"

	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// TestEndedContext checks that nothing is put in or taken out when the context has ended before.
//
//grade:todo 10.5
//grade:points 1
//grade:needs TestGetWaits TestPutWaits
func TestEndedContext(t *testing.T) {
	for _, room := range []int{1, 0} {
		for _, end := range ends {
			in(t, orders, func(t *testing.T, o order) { o.user(t, room).tooLate(end) }, few...)
		}
	}
}

// tooLate calls Put and Get with a context that has ended like that: twice, for the second
// time an item has come and gone before.
func (u user) tooLate(end end) {
	u.t.Helper()
	get := func(when string) {
		u.t.Helper()
		item, err := u.q.Get(end.ctx())
		exam.Error(u.t, "Get(ctx)", err, end.err, u.of+", ctx "+end.how+", "+when)
		exam.Equal(u.t, "Get(ctx), with an error,", item, "", u.of+", ctx "+end.how+", "+when)
	}
	put := func(when string) {
		u.t.Helper()
		exam.Error(u.t, `Put(ctx, "1b")`, u.q.Put(end.ctx(), "1b"), end.err, u.of+", ctx "+end.how+", "+when)
	}
	for _, before := range []string{"nothing has been in it", "1a has been in it and was taken out"} {
		get("it is empty, and " + before)
		put("but there is room")
		u.len(0, "after a Put whose ctx had ended")
		u.put("1a", nil, "there is room")
		put("and 1a is in it")
		get("but 1a is in it")
		u.get("1a", "after a Get whose ctx had ended")
		u.empty("everything has been taken out")
	}
}

// soon is how long after the end of its context a call may return: in virtual time, so for
// one that waits for the end, and not for the end of a nap, it is no time at all.
const soon = 100 * time.Millisecond

// TestGivesUp checks that Put and Get stop waiting when their time is over, and leave no trace.
//
//grade:todo 10.5
//grade:points 2
//grade:needs TestEndedContext
func TestGivesUp(t *testing.T) {
	const patience = time.Second / 2
	within := func(t *testing.T, call, of string, f func(ctx context.Context) error) {
		t.Helper()
		ctx, cancel := context.WithTimeoutCause(background, patience, errCause)
		defer cancel()
		start := time.Now()
		exam.Error(t, call, f(ctx), context.DeadlineExceeded, of+", ctx ends after half a second")
		if took := time.Since(start); took < patience || took > patience+soon {
			t.Errorf("%s took %v, want %v: %s, ctx ends after that", call, took, patience, of)
		}
	}
	get := func(u user, when string) {
		u.t.Helper()
		within(u.t, "Get(ctx)", u.of+", "+when, func(ctx context.Context) error {
			item, err := u.q.Get(ctx)
			exam.Equal(u.t, "Get(ctx), with an error,", item, "", u.of+", "+when)
			return err
		})
	}
	for _, o := range orders {
		alone(t, func(t *testing.T) {
			for _, room := range []int{0, 1} {
				u := o.user(t, room)
				get(u, "it is new")
				u.put("1a", nil, "a Get has given up")
				u.get("1a", "a Get has given up before it came")
				get(u, "1a has been in it and was taken out")
			}
		})
	}
	in(t, orders, func(t *testing.T, o order) {
		u := o.user(t, 1)
		get(u, "it is empty")
		u.put("1a", nil, "a Get has given up")
		settle()
		u.len(1, "1a was put in after a Get had given up")
		within(t, `Put(ctx, "1b")`, u.of+", it is full", func(ctx context.Context) error { return u.q.Put(ctx, "1b") })
		u.len(1, "it was full, and a Put has given up")
		u.get("1a", `after Put(ctx, "1b") has given up`)
		settle()
		u.empty(`Put(ctx, "1b") has given up, and 1a was taken out`)
	})
	for _, o := range orders { // a deadline is not always what a context ends by
		alone(t, func(t *testing.T) {
			u := o.user(t, 1)
			early := func() context.Context {
				ctx, cancel := context.WithTimeout(background, 2*patience)
				time.AfterFunc(patience, cancel)
				return ctx
			}
			_, err := u.q.Get(early())
			exam.Error(t, "Get(ctx)", err, context.Canceled, u.of+", it is empty, and ctx is cancelled before its deadline")
			u.put("1a", nil, "a Get has given up")
			exam.Error(t, `Put(ctx, "1b")`, u.q.Put(early(), "1b"), context.Canceled, u.of+", it is full, and ctx is cancelled before its deadline")
		})
	}
	in(t, orders, func(t *testing.T, o order) {
		u := o.user(t, 1)
		ctx, cancel := context.WithCancelCause(background)
		var get error
		exam.Together(func() { _, get = u.q.Get(ctx) }, func() { cancel(errCause) })
		exam.Error(t, "Get(ctx)", get, context.Canceled, u.of+", ctx is cancelled as it begins to wait, and nothing is put in")
	})
	in(t, orders, func(t *testing.T, o order) {
		u := o.user(t, 1)
		u.put("1a", nil, "it is new")
		ctx, cancel := context.WithCancelCause(background)
		var put error
		exam.Together(func() { put = u.q.Put(ctx, "1b") }, func() { cancel(errCause) })
		exam.Error(t, `Put(ctx, "1b")`, put, context.Canceled, u.of+", ctx is cancelled as it begins to wait, and it stays full")
	})
	// whoever has to give up does not wait for another one, who waits as well
	in(t, orders, func(t *testing.T, o order) {
		u := o.user(t, 1)
		exam.Together(
			func() { u.q.Get(background) },
			func() {
				settle()
				get(u, "it is empty, and another Get waits, whose ctx does not end")
				u.put("1a", nil, "the other Get waits")
			},
		)
	}, few...)
	in(t, orders, func(t *testing.T, o order) {
		u := o.user(t, 1)
		u.put("1x", nil, "it is new")
		exam.Together(
			func() { u.q.Put(background, "1a") },
			func() {
				settle()
				within(t, `Put(ctx, "1b")`, u.of+", it is full, and another Put waits, whose ctx does not end", func(ctx context.Context) error { return u.q.Put(ctx, "1b") })
				u.get("1x", "the other Put waits")
			},
		)
	}, few...)
	// two have the same context, of whom only one has to give up
	in(t, orders, func(t *testing.T, o order) {
		u := o.user(t, 1)
		ctx, cancel := context.WithCancelCause(background)
		var errs [2]error
		get := func(i int) func() { return func() { _, errs[i] = u.q.Get(ctx) } }
		exam.Together(get(0), get(1), func() {
			settle()
			u.put("1a", nil, "two wait for an item")
			settle()
			cancel(errCause)
		})
		onlyOne(t, "Get(ctx)", errs, u.of+", two wait with the same ctx, one item is put in, and later ctx is cancelled")
	}, few...)
	in(t, orders, func(t *testing.T, o order) {
		u := o.user(t, 1)
		u.put("1x", nil, "it is new")
		ctx, cancel := context.WithCancelCause(background)
		var errs [2]error
		put := func(i int) func() { return func() { errs[i] = u.q.Put(ctx, "1a") } }
		exam.Together(put(0), put(1), func() {
			settle()
			u.get("1x", "two wait for room")
			settle()
			cancel(errCause)
		})
		onlyOne(t, `Put(ctx, "1a")`, errs, u.of+", two wait with the same ctx, one item is taken out, and later ctx is cancelled")
	}, few...)
	in(t, orders, func(t *testing.T, o order) { // those who do not give up leave no trace, either
		u := o.user(t, 1)
		exam.Together(
			func() {
				item, err := u.q.Get(endless())
				exam.Error(t, "Get(ctx)", err, nil, u.of+", ctx does not end, and two items are put in")
				exam.Equal(t, "Get(ctx)", item, "1a", u.of+", two items are put in, both of them 1a")
			},
			func() {
				for range 2 {
					exam.Error(t, `Put(ctx, "1a")`, u.q.Put(endless(), "1a"), nil, u.of+", ctx does not end, and somebody gets an item")
				}
			},
		)
		u.len(1, "two items have been put in, and one taken out")
	})
	for _, o := range orders {
		interleave.Explore(t, func(t *testing.T) {
			u := o.user(t, 1)
			exam.Together(
				func() {
					item, err := u.q.Get(endless())
					exam.Error(t, "Get(ctx)", err, nil, u.of+", it waited for an item for days, and ctx has not ended")
					exam.Equal(t, "Get(ctx)", item, "1a", u.of+", it waited for an item for days")
				},
				func() {
					runtime.Gosched()
					u.put("1a", nil, "one has waited for days")
				},
			)
		}, interleave.DaysMayPass())
	}
	for _, o := range orders {
		interleave.Explore(t, func(t *testing.T) {
			u := o.user(t, 1)
			u.put("1a", nil, "it is new")
			exam.Together(
				func() {
					exam.Error(t, `Put(ctx, "1b")`, u.q.Put(endless(), "1b"), nil, u.of+", it waited for room for days, and ctx has not ended")
				},
				func() {
					runtime.Gosched()
					u.get("1a", "it has been in for days, and another one waited for room")
				},
			)
			u.get("1b", "it waited for room for days, and what was in has been taken out")
		}, interleave.DaysMayPass())
	}
}

// onlyOne checks that of two calls one has returned nil, and the other that its context was
// cancelled.
func onlyOne(t *testing.T, call string, errs [2]error, when string) {
	t.Helper()
	if errs[0] != nil {
		errs[0], errs[1] = errs[1], errs[0]
	}
	exam.Error(t, "one "+call, errs[0], nil, when)
	exam.Error(t, "the other "+call, errs[1], context.Canceled, when)
}

// TestCancelLosesNoItem checks that an item that comes at the moment of giving up is taken, or stays where it was.
//
//grade:todo 10.5
//grade:points 3
//grade:needs TestEndedContext TestGivesUp TestWokenTooLate
func TestCancelLosesNoItem(t *testing.T) {
	in(t, orders, func(t *testing.T, o order) {
		r := o.record(2)
		a, b := r.client("A"), r.client("B")
		ctx, cancel := context.WithCancel(background)
		exam.Together(
			func() { a.get(ctx) },
			func() { b.tryPut("1a"); b.tryPut("1b") },
			cancel,
		)
		settle()
		r.drain()
		r.Check(t)
	})
	in(t, orders, func(t *testing.T, o order) {
		r := o.record(1)
		a, b := r.client("A"), r.client("B")
		r.main.tryPut("1x")
		ctx, cancel := context.WithCancel(background)
		exam.Together(
			func() { a.put(ctx, "1a") },
			func() { b.tryGet(); b.tryPut("1b") },
			cancel,
		)
		settle()
		r.drain()
		r.Check(t)
	})
}

// TestCancelKeepsNobodyWaiting checks that whoever gives up has not used up the call that another one waits for.
//
//grade:todo 10.5
//grade:points 3
//grade:needs TestEndedContext TestGivesUp TestTheRightOneWakes TestEverybodyWakes TestWokenTooLate
func TestCancelKeepsNobodyWaiting(t *testing.T) {
	in(t, orders, func(t *testing.T, o order) {
		q := o.make(1)
		ctx, cancel := context.WithCancel(background)
		exam.Together(
			func() {
				if _, err := q.Get(ctx); err == nil {
					q.TryPut("1b")
				}
			},
			func() { q.Get(background) },
			func() {
				settle()
				go cancel()
				q.TryPut("1a")
			},
		)
		exam.Equal(t, "Len()", q.Len(), 0, o.name+"(1), everything has been taken out")
	})
	in(t, orders, func(t *testing.T, o order) {
		q := o.make(1)
		q.TryPut("1x")
		ctx, cancel := context.WithCancel(background)
		exam.Together(
			func() {
				if q.Put(ctx, "1a") == nil {
					q.TryGet()
				}
			},
			func() { q.Put(background, "1a") }, // an equal item, and yet another one
			func() {
				settle()
				go cancel()
				q.TryGet()
			},
		)
		exam.Equal(t, "Len()", q.Len(), 1, o.name+"(1), everything but one item has been taken out")
	})
	// whoever was woken, came too late and gave up is not waited for, and nobody misses a call
	in(t, orders, func(t *testing.T, o order) {
		q := o.make(1)
		ctx, cancel := context.WithCancel(background)
		exam.Together(
			func() { q.Get(ctx) },
			func() { settle(); q.TryPut("1a"); q.TryGet(); cancel() },
		)
		exam.Together(
			func() { q.Get(background) },
			func() { settle(); q.TryPut("1b") },
		)
		exam.Equal(t, "Len()", q.Len(), 0, o.name+"(1), everything has been taken out")
	}, few...)
	in(t, orders, func(t *testing.T, o order) {
		q := o.make(1)
		q.TryPut("1x")
		ctx, cancel := context.WithCancel(background)
		exam.Together(
			func() { q.Put(ctx, "1a") },
			func() { settle(); q.TryGet(); q.TryPut("1x"); cancel() },
		)
		exam.Together(
			func() { q.Put(background, "1b") },
			func() { settle(); q.TryGet() },
		)
		exam.Equal(t, "Len()", q.Len(), 1, o.name+"(1), everything but one item has been taken out")
	}, few...)
}
