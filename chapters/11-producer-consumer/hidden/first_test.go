//go:build grade

package hidden

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"testing"
	"time"

	producer "lockstep/chapters/11-producer-consumer"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// everything is a want for which every item will do.
func everything[T any](T) bool { return true }

// TestFirst checks that First returns what is wanted, and no more than n.
//
//grade:todo 11.3
//grade:points 1
//grade:needs TestProduceCloses TestPutWaitsForRoom TestConsumeReceivesWhenFree
func TestFirst(t *testing.T) {
	even := func(i int) bool { return i%2 == 0 }
	interleave.Explore(t, func(t *testing.T) {
		first, err := producer.First(background, 9, 2, even, puts(1, 2), puts(4))
		slices.Sort(first)
		const when = "the producers put 1, 2 and 4, and end; want(i) is i%2 == 0"
		exam.Equal(t, "First(ctx, 9, 2, want, ...)", list(first), "2 4", when)
		exam.Error(t, "First(ctx, 9, 2, want, ...)", err, nil, when)
	}, crowd...)
	interleave.Explore(t, func(t *testing.T) {
		first, err := producer.First(endless(), 2, 1, even, puts(1, 2, 4))
		slices.Sort(first)
		const when = "the producer puts 1, 2 and 4, and ends; want(i) is i%2 == 0"
		exam.Equal(t, "First(ctx, 2, 1, want, ...)", list(first), "2 4", when)
		exam.Error(t, "First(ctx, 2, 1, want, ...)", err, nil, when)
	}, crowd...)
	for _, c := range []struct {
		n         int
		producers []producer.Producer[int]
		want      string
	}{
		{1, nil, "none"},
		{math.MaxInt, []producer.Producer[int]{puts(2, 0, 2), puts(0)}, "0 0 2 2"},
	} {
		interleave.Explore(t, func(t *testing.T) {
			call := fmt.Sprintf("First(ctx, %d, 2, want, ...)", c.n)
			when := "the producers put " + c.want + ", and end; all are wanted"
			first, err := producer.First(endless(), c.n, 2, everything[int], c.producers...)
			slices.Sort(first)
			exam.Equal(t, call, list(first), c.want, when)
			exam.Error(t, call, err, nil, when)
		}, clockwork...)
	}
	interleave.Once(t, func(t *testing.T) {
		const call = "First(ctx, math.MaxInt, 2, want, ...)"
		when := fmt.Sprintf("the producer puts %d, and ends; all are wanted", many)
		found, err := producer.First(background, math.MaxInt, 2, everything[int], puts(make([]int, many)...))
		exam.Equal(t, "number of items of "+call, len(found), many, when)
		exam.Error(t, call, err, nil, when)
	})
	interleave.Explore(t, func(t *testing.T) {
		const when = `the producer puts nil, 0, "" and a, and ends; all are wanted`
		first, err := producer.First(background, 9, 1, everything[any], puts[any](nil, 0, "", "a"))
		exam.Equal(t, "number of items of First(ctx, 9, 1, want, ...)", len(first), 4, when)
		exam.Error(t, "First(ctx, 9, 1, want, ...)", err, nil, when)
	}, clockwork...)
	interleave.Explore(t, func(t *testing.T) {
		producers := []producer.Producer[int]{puts(1), puts(2)}
		for _, nth := range []string{"first", "second"} {
			found, err := producer.First(background, 2, 1, everything[int], producers...)
			slices.Sort(found)
			when := "the " + nth + " time with the same slice of producers, which put 1 and 2"
			exam.Equal(t, "First(ctx, 2, 1, want, producers...)", list(found), "1 2", when)
			exam.Error(t, "First(ctx, 2, 1, want, producers...)", err, nil, when)
		}
	}, crowd...)
}

// TestFirstWorkers checks that so many workers look at items at the same time, and the producers wait for them.
//
//grade:todo 11.3
//grade:points 1
//grade:needs TestFirst
func TestFirstWorkers(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		var put exam.Count
		var working exam.Peak
		before := 0
		both := exam.NewRendezvous(t, 2, "calls of want, of First(ctx, 9, 2, want, ...) with 4 items")
		producer.First(background, 9, 2, func(i int) bool {
			working.Enter()
			defer working.Leave()
			both.Meet()
			settle()
			if i == 1 {
				before = put.Load()
			}
			settle() // so that it looks while both are busy
			return true
		}, func(p func(int) error) {
			for i := range 4 {
				p(1 + i)
				put.Add()
			}
		})
		exam.Equal(t, "calls of want at the same time", working.Most(), 2, "First(ctx, 9, 2, want, ...) with 4 items")
		exam.Equal(t, "calls of put that have returned", before, 2, "both workers are at work, on the first two of 4 items")
	}, crowd...)
}

// TestFirstQuits checks that nobody stays blocked when First has what it wants.
//
//grade:todo 11.3
//grade:points 3
//grade:needs TestFirst TestPutTellsTheTruth
func TestFirstQuits(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		const when = "two producers put 3 items each, as long as put returns nil, and all are wanted"
		first, err := producer.First(background, 1, 2, everything[int], puts(1, 2, 3), puts(4, 5, 6))
		exam.Equal(t, "number of items of First(ctx, 1, 2, want, ...)", len(first), 1, when)
		exam.Error(t, "First(ctx, 1, 2, want, ...)", err, nil, when)
	}, crowd...)
	interleave.Explore(t, func(t *testing.T) {
		const when = "a and b are wanted, n is 2, and put(c) comes a second later"
		var errs [3]error
		first, err := producer.First(background, 2, 1, everything[string], func(put func(string) error) {
			errs[0] = put("a")
			errs[1] = put("b")
			time.Sleep(second)
			errs[2] = put("c")
		})
		exam.Equal(t, "items of First(ctx, 2, 1, want, ...)", sorted(first), "a b", when)
		exam.Error(t, "First(ctx, 2, 1, want, ...)", err, nil, when)
		exam.Error(t, `put("a")`, errs[0], nil, when)
		exam.Error(t, `put("b")`, errs[1], nil, when)
		if errs[2] == nil {
			t.Errorf(`put("c") = no error, want one: %s`, when)
		}
	})
	interleave.Explore(t, func(t *testing.T) {
		const when = "a is not wanted, which want says after days, and b is, which is put meanwhile"
		var put error
		first, err := producer.First(endless(), 1, 1, func(item string) bool {
			if item == "a" {
				runtime.Gosched()
			}
			return item == "b"
		}, func(p func(string) error) {
			p("a")
			put = p("b")
		})
		exam.Equal(t, "items of First(ctx, 1, 1, want, ...)", list(first), "b", when)
		exam.Error(t, "First(ctx, 1, 1, want, ...)", err, nil, when)
		exam.Error(t, `put("b")`, put, nil, when)
	}, interleave.DaysMayPass(), interleave.Schedules(0))
	interleave.Explore(t, func(t *testing.T) {
		slow := func(want func(string) bool, from producer.Producer[string]) func() {
			return func() {
				const when = "the second item is wanted, at 1s; another call of First, at the same time, has long found what it wants"
				first, err := producer.First(background, 1, 1, want, from)
				exam.Equal(t, "First(ctx, 1, 1, want, ...)", list(first), "d", when)
				exam.Error(t, "First(ctx, 1, 1, want, ...)", err, nil, when)
			}
		}
		isD := func(item string) bool { return item == "d" }
		beside(t, "First(ctx, 1, 1, want, ...), with a and b,", []func(){
			slow(isD, paced("c", second, "d")),
			slow(func(item string) bool {
				time.Sleep(second / 2)
				return isD(item)
			}, puts("c", "d")),
		}, func() { producer.First(background, 1, 1, everything[string], puts("a", "b")) })
	}, clockwork...)
}

// TestFirstWaits checks that no call of want and no producer is left running when First returns.
//
//grade:todo 11.3
//grade:points 1
//grade:needs TestFirstQuits TestFirstWorkers
func TestFirstWaits(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		const when = "n is 1 and found at 0.1s, another call of want takes from 0s to 0.3s, and a producer until 0.6s"
		day := open()
		long, late := false, false
		first, err := producer.First(background, 1, 2, func(item string) bool {
			if item == "long" {
				time.Sleep(3 * tenth)
				long = true
			}
			return true
		}, func(put func(string) error) {
			put("long")
			time.Sleep(tenth)
			put("short")
			time.Sleep(5 * tenth)
			late = true
		})
		exam.Equal(t, "items of First(ctx, 1, 2, want, ...)", list(first), "short", when)
		exam.Error(t, "First(ctx, 1, 2, want, ...)", err, nil, when)
		exam.Equal(t, "the long call of want has returned", long, true, "First has returned")
		exam.Equal(t, "the producer has returned", late, true, "First has returned")
		exam.Equal(t, "time when First returns", day.now(), "600ms", when)
	})
}

// TestFirstContext checks that First ends with its context, and says so.
//
//grade:todo 11.3
//grade:points 2
//grade:needs TestFirstQuits
func TestFirstContext(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		const when = "a is found at 0s, ctx ends at 1s, and n is 2"
		ctx, cancel := context.WithTimeout(background, second)
		defer cancel()
		day := open()
		var errs [2]error
		gone := make(chan struct{})
		first, err := producer.First(ctx, 2, 1, func(item string) bool {
			if item == "b" {
				<-gone // busy, so that put(c) waits
			}
			return item == "a"
		}, func(put func(string) error) {
			put("a")
			put("b")
			errs[0] = put("c")
			errs[1] = put("d")
			close(gone)
		})
		exam.Equal(t, "items of First(ctx, 2, 1, want, ...)", list(first), "a", when)
		exam.Error(t, "First(ctx, 2, 1, want, ...)", err, context.DeadlineExceeded, when)
		exam.Equal(t, "time when First returns", day.now(), "1s", when)
		exam.Error(t, `put("c")`, errs[0], context.DeadlineExceeded, "it waited when ctx ended")
		exam.Error(t, `put("d")`, errs[1], context.DeadlineExceeded, "ctx had ended")
	})
	interleave.Explore(t, func(t *testing.T) {
		const when = "a is found at 0s, n is 2, ctx ends at 1s, and the producer returns at 2s, without another put"
		ctx, cancel := context.WithTimeoutCause(background, second, errDisk)
		defer cancel()
		first, err := producer.First(ctx, 2, 1, everything[string], func(put func(string) error) {
			put("a")
			time.Sleep(2 * second)
		})
		exam.Equal(t, "items of First(ctx, 2, 1, want, ...)", list(first), "a", when)
		exam.Error(t, "First(ctx, 2, 1, want, ...)", err, context.DeadlineExceeded, when)
	})
	interleave.Explore(t, func(t *testing.T) {
		const when = "a is found at 0s, n is 1, ctx ends at 0.1s, and the producer returns at 0.2s"
		ctx, cancel := context.WithTimeout(background, tenth)
		defer cancel()
		first, err := producer.First(ctx, 1, 1, everything[string], func(put func(string) error) {
			put("a")
			time.Sleep(2 * tenth)
		})
		exam.Equal(t, "items of First(ctx, 1, 1, want, ...)", list(first), "a", when)
		exam.Error(t, "First(ctx, 1, 1, want, ...)", err, nil, when)
	})
	interleave.Explore(t, func(t *testing.T) {
		var put error
		first, err := producer.First(ended(), 1, 1, everything[string], func(p func(string) error) { put = p("a") })
		exam.Equal(t, "items of First(ctx, 1, 1, want, ...)", list(first), "none", "ctx had ended before")
		exam.Error(t, "First(ctx, 1, 1, want, ...)", err, context.Canceled, "ctx had ended before")
		exam.Error(t, `put("a")`, put, context.Canceled, "ctx had ended before")
	})
	interleave.Explore(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(background)
		go cancel()
		first, err := producer.First(ctx, 1, 2, everything[string], puts("a", "b"), puts("c", "d"))
		if err != nil {
			exam.Error(t, "First(ctx, 1, 2, want, ...)", err, context.Canceled, "ctx is cancelled meanwhile")
		} else {
			exam.Equal(t, "number of items of First(ctx, 1, 2, want, ...)", len(first), 1, "it returned no error, and all are wanted")
		}
	}, crowd...)
}

// TestContextLetGo checks that a call that has returned leaves nobody behind who waits for the end of its context.
//
//grade:todo 11.3
//grade:points 1
//grade:needs TestPutGivesUp TestFirstContext
func TestContextLetGo(t *testing.T) {
	interleave.Explore(t, func(*testing.T) {
		for range producer.Produce(exam.Endless(), 0, puts("a1", "a2"), puts("b")) {
		}
	})
	for _, n := range []int{1, 9} {
		interleave.Explore(t, func(*testing.T) {
			producer.First(exam.Endless(), n, 2, everything[string], puts("a1", "a2"), puts("b"))
		}, interleave.Budget(200), interleave.Schedules(200))
	}
}
