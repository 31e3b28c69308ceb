//go:build grade

package hidden

import (
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
	for _, o := range orders {
		alone(t, func(t *testing.T) {
			u := o.user(t, 1)
			promptly(t, "Get(ctx)", u.of+", an item is put in", func() { u.q.Get(background) }, func() { u.put("1a", nil, "one waits for an item") })
		})
	}
	for of, q := range errorQueues(1) {
		alone(t, func(t *testing.T) {
			exam.Together(
				func() {
					for _, what := range []string{"it was put in by TryPut while Get waited", "it was put in by Put while Get waited"} {
						item, err := q.Get(background)
						exam.Error(t, "Get(ctx)", err, nil, of+", the item is nil; "+what)
						exam.Equal(t, "Get(ctx)", item, nil, of+", the item is nil; "+what)
					}
				},
				func() {
					settle()
					exam.Error(t, "TryPut(nil)", q.TryPut(nil), nil, of+", one waits for an item")
					settle()
					exam.Error(t, "Put(ctx, nil)", q.Put(background, nil), nil, of+", one waits for an item")
				},
			)
			exam.Equal(t, "Len()", q.Len(), 0, of+", nil has been put in and taken out, twice")
		})
	}
}

// promptly checks that a call which waits returns soon after what it waits for has come, if that
// takes long. One may look now and then, but not ever less often.
func promptly(t *testing.T, call, when string, wait, come func()) {
	t.Helper()
	const long, soon = 1200 * time.Millisecond, 500 * time.Millisecond
	begin := time.Now()
	exam.Together(
		func() {
			wait()
			if late := time.Since(begin) - long; late > soon {
				t.Errorf("%s returned %v later, want at once: %s, for which it has waited %v", call, late, when, long)
			}
		},
		func() {
			time.Sleep(long)
			come()
		},
	)
}

// errorQueues returns queues of errors, nil among them, of all kinds, and what they were made with.
func errorQueues(room int) map[string]queue.Queue[error] {
	return map[string]queue.Queue[error]{
		fmt.Sprintf("NewFIFO[error](%d)", room):              queue.NewFIFO[error](room),
		fmt.Sprintf("NewLIFO[error](%d)", room):              queue.NewLIFO[error](room),
		fmt.Sprintf("NewPriority[error](%d, compare)", room): queue.NewPriority(room, func(a, b error) int { return 0 }),
	}
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
	for _, o := range orders {
		alone(t, func(t *testing.T) {
			u := o.user(t, 1)
			u.put("1a", nil, "it is new")
			promptly(t, `Put(ctx, "1b")`, u.of+", the only item is taken out", func() { u.q.Put(background, "1b") }, func() { u.get("1a", "one waits for room") })
		})
	}
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
	holdsMany(t, "NewLIFO[struct{}](0)", queue.NewLIFO[struct{}](0))
	for _, o := range orders {
		putsMany(t, o, 0)
	}
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
	// at each of two queues somebody waits: what comes to the one is no call for the other
	in(t, orders, func(t *testing.T, o order) {
		q, r := o.make(1), o.make(1)
		get := func(q queue.Queue[string]) func() { return func() { q.Get(background) } }
		exam.Together(get(q), get(r), func() { q.TryPut("1a"); r.TryPut("1b") })
		exam.Equal(t, "Len() of both", q.Len()+r.Len(), 0, "two "+o.name+"(1), after a TryPut and a Get of each")
	}, few...)
	in(t, orders, func(t *testing.T, o order) {
		q, r := o.make(1), o.make(1)
		q.TryPut("1x")
		r.TryPut("1y")
		put := func(q queue.Queue[string]) func() { return func() { q.Put(background, "1a") } }
		exam.Together(put(q), put(r), func() { q.TryGet(); r.TryGet() })
		exam.Equal(t, "Len() of both", q.Len()+r.Len(), 2, "two "+o.name+"(1), they were full, after a TryGet and a Put of each")
	}, few...)
}

// TestEverybodyWakes checks that as many are woken as there are items, or places.
//
//grade:todo 10.4
//grade:points 2
//grade:needs TestNoLimit TestGetWaits TestPutWaits
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
	in(t, orders, func(t *testing.T, o order) { // nobody waits for room here, but others do for items
		q := o.make(0)
		get := func() { q.Get(background) }
		exam.Together(get, get, func() { q.TryPut("1a"); q.Put(background, "1b") })
		exam.Equal(t, "Len()", q.Len(), 0, o.name+"(0), after a TryPut, a Put and two Gets")
	}, few...)
	for _, o := range orders {
		interleave.Once(t, func(t *testing.T) {
			crowded(t, o)
		})
	}
}

// crowd is how many wait when any number may: more than people make up limits for.
const crowd = 300

// crowded has a crowd wait for items, and then for room.
func crowded(t *testing.T, o order) {
	u := o.user(t, crowd)
	var back exam.Count
	all := make([]func(), crowd)
	for i := range all {
		all[i] = func() {
			item, err := u.q.Get(background)
			exam.Error(t, "Get(ctx)", err, nil, fmt.Sprintf("%s, %d wait for an item", u.of, crowd))
			exam.Equal(t, "Get(ctx)", item, "1a", fmt.Sprintf("%s, %d wait for an item", u.of, crowd))
			back.Add()
		}
	}
	exam.Together(append(all, func() {
		time.Sleep(time.Nanosecond) // until all others wait
		for range crowd {
			u.put("1a", nil, "others wait for items")
		}
	})...)
	exam.Equal(t, "Gets that have returned", back.Load(), crowd, u.of+", so many waited, and as many items have been put in")

	for range crowd {
		u.put("1a", nil, "there is room")
	}
	back = exam.Count{}
	for i := range all {
		all[i] = func() {
			exam.Error(t, `Put(ctx, "1b")`, u.q.Put(background, "1b"), nil, fmt.Sprintf("%s, %d wait for room", u.of, crowd))
			back.Add()
		}
	}
	exam.Together(append(all, func() {
		time.Sleep(time.Nanosecond) // until all others wait
		for range crowd {
			u.q.TryGet()
		}
	})...)
	exam.Equal(t, "Puts that have returned", back.Load(), crowd, u.of+", so many waited, and as many items have been taken out")
	u.len(crowd, "so many items have been taken out, and as many put in")
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
	// and looks again each time, if somebody is quicker again and again
	in(t, orders, func(t *testing.T, o order) {
		u := o.user(t, 1)
		exam.Together(
			func() {
				item, err := u.q.Get(background)
				exam.Error(t, "Get(ctx)", err, nil, u.of+", it waited, and 1a came and went some times before")
				exam.Equal(t, "Get(ctx)", item, "1a", u.of+", 1a came and went some times before")
			},
			func() {
				for range 5 {
					settle()
					u.q.TryPut("1a")
					if _, err := u.q.TryGet(); err != nil {
						return // it has been taken
					}
				}
				settle()
				u.q.TryPut("1a")
			},
		)
		u.len(0, "all that was put in has been taken out")
	}, few...)
	in(t, orders, func(t *testing.T, o order) {
		u := o.user(t, 1)
		u.put("1x", nil, "it is new")
		exam.Together(
			func() {
				exam.Error(t, `Put(ctx, "1a")`, u.q.Put(background, "1a"), nil, u.of+", it waited, and there was room for a moment some times before")
			},
			func() {
				for range 5 {
					settle()
					u.q.TryGet()
					if u.q.TryPut("1x") != nil {
						return // 1a is in
					}
				}
				settle()
				u.q.TryGet()
			},
		)
		u.get("1a", "what was in before has been taken out, and Put has returned")
		u.empty("everything has been taken out")
	}, few...)
}

// TestWaitingTogether checks that Put and Get act in one step each, and keep the order, whoever else is at it.
//
//grade:todo 10.4
//grade:points 2
//grade:needs TestFIFOTogether TestLIFOTogether TestPriorityTogether TestNoLimit TestEqualPriorities TestGetWaits TestPutWaits
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
	// while others wait for room, or for an item, it is there for everybody
	in(t, orders, func(t *testing.T, o order) {
		r := o.record(1)
		a, b, c := r.client("A"), r.client("B"), r.client("C")
		r.main.tryPut("2x")
		exam.Together(
			func() { a.put(background, "2a") },
			func() { b.put(background, "1b") },
			func() { c.tryGet(); c.tryPut("2c"); c.len(); c.get(background); c.get(background) },
		)
		r.drain()
		r.Check(t)
	}, few...)
	in(t, orders, func(t *testing.T, o order) {
		r := o.record(1)
		a, b, c := r.client("A"), r.client("B"), r.client("C")
		exam.Together(
			func() { a.get(background) },
			func() { b.get(background) },
			func() {
				c.tryPut("2a")
				c.tryGet()
				c.len()
				c.put(background, "2b")
				c.put(background, "1c")
			},
		)
		r.drain()
		r.Check(t)
	}, few...)
	for _, o := range orders {
		alone(t, func(t *testing.T) { waitingWalk(t, o) })
		putsMany(t, o, many)
	}
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
