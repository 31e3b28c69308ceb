//go:build grade

package hidden

import (
	"context"
	"fmt"
	"testing"
	"time"

	queue "lockstep/chapters/10-queue"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// TestGetWaits checks that Get waits while the queue is empty, and gets what is put in then.
//
//grade:todo 10.4
//grade:points 1
//grade:needs TestFIFO TestLIFO TestPriority
func TestGetWaits(t *testing.T) {
	in(t, orders, func(t *testing.T, o order) {
		u := o.user(t, 2)
		var back exam.Count
		get := func() {
			item, err := u.q.Get(background)
			back.Add()
			exam.Error(t, "Get(ctx)", err, nil, u.of+", it waited for an item")
			exam.OneOf(t, "Get(ctx)", item, []string{"1a", "1b"}, u.of+", 1a and 1b have been put in")
		}
		exam.Together(get, get, func() {
			settle()
			exam.Equal(t, "Gets that have returned", back.Load(), 0, u.of+", two wait, and nothing has been put in")
			u.put("1a", nil, "two wait for an item")
			settle()
			exam.Equal(t, "Gets that have returned", back.Load(), 1, u.of+", two wait, and one item has been put in, by TryPut")
			exam.Error(t, `Put(ctx, "1b")`, u.q.Put(background, "1b"), nil, u.of+", one waits for an item")
		})
		u.empty("two items have been put in, and two Gets have returned")
	})
}

// TestPutWaits checks that Put waits while the queue is full, and puts its item in when there is room.
//
//grade:todo 10.4
//grade:points 1
//grade:needs TestFIFO TestLIFO TestPriority
func TestPutWaits(t *testing.T) {
	in(t, orders, func(t *testing.T, o order) {
		u := o.user(t, 1)
		var back exam.Count
		exam.Error(t, `Put(ctx, "1a")`, u.q.Put(background, "1a"), nil, u.of+", there is room")
		put := func(item string) func() {
			return func() {
				exam.Error(t, fmt.Sprintf("Put(ctx, %q)", item), u.q.Put(background, item), nil, u.of+", it waited for room")
				back.Add()
			}
		}
		exam.Together(put("1b"), put("1c"), func() {
			settle()
			exam.Equal(t, "Puts that have returned", back.Load(), 0, u.of+", two wait, and the queue is full")
			u.len(1, "two more wait for room")
			u.get("1a", "two more wait for room")
			settle()
			exam.Equal(t, "Puts that have returned", back.Load(), 1, u.of+", two waited, and one item has been taken out, by TryGet")
			item, err := u.q.Get(background)
			exam.Error(t, "Get(ctx)", err, nil, u.of+", an item is in the queue")
			exam.OneOf(t, "Get(ctx)", item, []string{"1b", "1c"}, u.of+", they waited for room")
		})
		u.len(1, "three items have been put in, and two taken out")
	})
}

// TestNoLimitNeverWaits checks that no kind of queue is ever full if it has no limit, and Put never waits.
//
//grade:todo 10.4
//grade:points 1
//grade:needs TestNoLimit
func TestNoLimitNeverWaits(t *testing.T) {
	for _, room := range []int{0, -1} {
		for _, o := range orders {
			alone(t, func(t *testing.T) {
				u := o.user(t, room)
				for i := range 10 {
					exam.Error(t, `Put(ctx, "1a")`, u.q.Put(background, "1a"), nil, u.of+", it has no limit")
					u.put("1a", nil, "it has no limit")
					u.len(2*i+2, "after so many Puts and TryPuts")
				}
			})
		}
	}
	alone(t, func(t *testing.T) {
		holdsNil(t, "NewLIFO[error](0)", queue.NewLIFO[error](0))
		holdsNil(t, "NewPriority[error](0, compare)", queue.NewPriority(0, func(a, b error) int { return 0 }))
	})
}

// TestTheRightOneWakes checks that an item or room always wakes somebody who can use it.
//
//grade:todo 10.4
//grade:points 3
//grade:needs TestGetWaits TestPutWaits
func TestTheRightOneWakes(t *testing.T) {
	in(t, orders, func(t *testing.T, o order) {
		q := o.make(1)
		get := func() { q.Get(background) }
		exam.Together(get, get, func() { q.Put(background, "1a"); q.Put(background, "1b") })
		exam.Equal(t, "Len()", q.Len(), 0, o.name+"(1), after two Puts and two Gets")
	})
	in(t, orders, func(t *testing.T, o order) {
		q := o.make(1)
		q.Put(background, "1x")
		put := func() { q.Put(background, "1a") }
		exam.Together(put, put, func() { q.Get(background); q.Get(background) })
		exam.Equal(t, "Len()", q.Len(), 1, o.name+"(1), after three Puts and two Gets")
	})
}

// TestEverybodyWakes checks that as many are woken as there are items, or places.
//
//grade:todo 10.4
//grade:points 2
//grade:needs TestGetWaits TestPutWaits
func TestEverybodyWakes(t *testing.T) {
	in(t, orders, func(t *testing.T, o order) {
		q := o.make(2)
		get := func() { q.Get(background) }
		exam.Together(get, get, func() { q.TryPut("1a"); q.TryPut("1b") })
		exam.Equal(t, "Len()", q.Len(), 0, o.name+"(2), after two TryPuts and two Gets")
	})
	in(t, orders, func(t *testing.T, o order) {
		q := o.make(2)
		q.TryPut("1a")
		q.TryPut("1b")
		put := func() { q.Put(background, "1c") }
		exam.Together(put, put, func() { q.TryGet(); q.TryGet() })
		exam.Equal(t, "Len()", q.Len(), 2, o.name+"(2), after two TryPuts, two Puts and two TryGets")
	})
}

// TestWokenTooLate checks that whoever is woken looks again: somebody may have been quicker.
//
//grade:todo 10.4
//grade:points 3
//grade:needs TestGetWaits TestPutWaits
func TestWokenTooLate(t *testing.T) {
	in(t, orders, func(t *testing.T, o order) {
		r := o.record(2)
		a, b, c := r.client("A"), r.client("B"), r.client("C")
		exam.Together(
			func() { a.get(background) },
			func() { b.tryPut("1b") },
			func() {
				if _, err := c.tryGet(); err == nil {
					c.tryPut("1c")
				}
			},
		)
		r.drain()
		r.Check(t)
	})
	in(t, orders, func(t *testing.T, o order) {
		r := o.record(1)
		a, b, c := r.client("A"), r.client("B"), r.client("C")
		r.main.tryPut("2x")
		exam.Together(
			func() { a.put(background, "1a") },
			func() { b.tryGet() },
			func() {
				if c.tryPut("2c") == nil {
					c.tryGet()
				}
			},
		)
		r.drain()
		r.Check(t)
	})
}

// TestWaitingTogether checks that Put and Get act in one step each, and keep the order, whoever else is at it.
//
//grade:todo 10.4
//grade:points 2
//grade:needs TestFIFOTogether TestLIFOTogether TestPriorityTogether TestGetWaits TestPutWaits
func TestWaitingTogether(t *testing.T) {
	in(t, orders, func(t *testing.T, o order) {
		r := o.record(2)
		a, b, c := r.client("A"), r.client("B"), r.client("C")
		exam.Together(
			func() { a.put(background, "2a"); a.put(background, "1a") },
			func() { b.get(background); b.tryGet() },
			func() { c.put(background, "1c") },
		)
		r.drain()
		r.Check(t)
	})
	// who has waited for room came when he was put in, and not when he began to wait
	in(t, orders, func(t *testing.T, o order) {
		r := o.record(2)
		a, b := r.client("A"), r.client("B")
		r.main.tryPut("1x")
		r.main.tryPut("1y")
		exam.Together(
			func() { a.put(background, "1a") },
			func() { b.tryGet(); b.tryPut("1b"); b.tryGet() },
		)
		r.drain()
		r.Check(t)
	})
}

// TestPutPublishes checks that what was done before an item was put in is visible to whoever takes it out.
//
//grade:todo 10.4
//grade:points 1
//grade:needs TestGetWaits
func TestPutPublishes(t *testing.T) {
	kinds := []func(room int) queue.Queue[*int]{
		queue.NewFIFO[*int],
		queue.NewLIFO[*int],
		func(room int) queue.Queue[*int] {
			return queue.NewPriority(room, func(a, b *int) int { return *a - *b })
		},
	}
	for i, kind := range kinds {
		interleave.Explore(t, func(t *testing.T) {
			q := kind(1)
			put := func(n int) func() {
				return func() {
					number := new(int)
					*number = n
					q.Put(background, number)
				}
			}
			sum := 0
			exam.Together(put(1), put(2), func() {
				for range 2 {
					if number, _ := q.Get(background); number != nil {
						sum += *number
					}
				}
			})
			exam.Equal(t, "sum of what was taken out", sum, 3, orders[i].name+"(1), pointers to 1 and 2 have been put in")
		})
	}
}

// TestEndedContext checks that nothing is put in or taken out when the context has ended before.
//
//grade:todo 10.5
//grade:points 1
//grade:needs TestGetWaits TestPutWaits
func TestEndedContext(t *testing.T) {
	in(t, orders, func(t *testing.T, o order) {
		u := o.user(t, 1)
		get := func(when string) {
			t.Helper()
			item, err := u.q.Get(ended())
			exam.Error(t, "Get(ctx)", err, context.Canceled, u.of+", ctx was cancelled before, "+when)
			exam.Equal(t, "Get(ctx), with an error,", item, "", u.of+", ctx was cancelled before, "+when)
		}
		put := func(when string) {
			t.Helper()
			exam.Error(t, `Put(ctx, "1b")`, u.q.Put(ended(), "1b"), context.Canceled, u.of+", ctx was cancelled before, "+when)
		}
		get("and it is empty")
		put("but there is room")
		u.len(0, "after a Put whose ctx had ended")
		u.put("1a", nil, "there is room")
		put("and it is full")
		get("but 1a is in it")
		u.get("1a", "after a Get whose ctx had ended")
		u.empty("everything has been taken out")
	})
	for _, o := range orders {
		alone(t, func(t *testing.T) {
			u := o.user(t, 0)
			exam.Error(t, `Put(ctx, "1a")`, u.q.Put(ended(), "1a"), context.Canceled, u.of+", ctx was cancelled before, and it has no limit")
			u.len(0, "after a Put whose ctx had ended")
		})
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
	within := func(t *testing.T, call, of string, f func(ctx context.Context) error) {
		t.Helper()
		ctx, cancel := context.WithTimeoutCause(background, time.Second, errCause)
		defer cancel()
		start := time.Now()
		exam.Error(t, call, f(ctx), context.DeadlineExceeded, of+", ctx ends after a second")
		if took := time.Since(start); took < time.Second || took > time.Second+soon {
			t.Errorf("%s took %v, want %v: %s, ctx ends after that", call, took, time.Second, of)
		}
	}
	in(t, orders, func(t *testing.T, o order) {
		u := o.user(t, 1)
		within(t, "Get(ctx)", u.of+", it is empty", func(ctx context.Context) error {
			item, err := u.q.Get(ctx)
			exam.Equal(t, "Get(ctx), with an error,", item, "", u.of+", it is empty")
			return err
		})
		u.put("1a", nil, "a Get has given up")
		settle()
		u.len(1, "1a was put in after a Get had given up")
		within(t, `Put(ctx, "1b")`, u.of+", it is full", func(ctx context.Context) error { return u.q.Put(ctx, "1b") })
		u.len(1, "it was full, and a Put has given up")
		u.get("1a", `after Put(ctx, "1b") has given up`)
		settle()
		u.empty(`Put(ctx, "1b") has given up, and 1a was taken out`)
	})
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
//grade:needs TestEndedContext TestGivesUp TestTheRightOneWakes TestEverybodyWakes
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
			func() { q.Put(background, "1b") },
			func() {
				settle()
				go cancel()
				q.TryGet()
			},
		)
		exam.Equal(t, "Len()", q.Len(), 1, o.name+"(1), everything but one item has been taken out")
	})
}
