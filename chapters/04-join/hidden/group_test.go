//go:build grade

package hidden

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"runtime"
	"testing"
	"time"

	join "lockstep/chapters/04-join"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// A member is what a group runs.
type member = func(context.Context) error

// newGroup returns a group with these members.
func newGroup(members ...member) *join.Group {
	g := join.New(context.Background())
	for _, m := range members {
		g.Go(m)
	}
	return g
}

// TestWait checks that Wait returns after the end of every member, and not before.
//
//grade:todo 4.2
//grade:points 2
func TestWait(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		first, second := "", ""
		var runs exam.Count
		g := newGroup(
			func(context.Context) error { runs.Add(); runtime.Gosched(); first = "written"; return nil },
			func(context.Context) error { runs.Add(); second = "written"; return nil },
		)
		exam.Error(t, "Wait()", g.Wait(), nil, "both members returned nil")
		seen := [2]string{first, second} // a race if Wait does not wait
		exam.Equal(t, "what the members wrote", seen, [2]string{"written", "written"}, "when Wait has returned")
		exam.Error(t, "Wait()", g.Wait(), nil, "again")
		exam.Equal(t, "runs of the members", runs.Load(), 2, "of a group with two members")
		exam.Error(t, "Wait()", newGroup().Wait(), nil, "of a group without members")
	})
}

// TestGoDoesNotWait checks that Go returns while members run, and that they run at the same time.
//
//grade:todo 4.2
//grade:points 1
//grade:needs TestWait
func TestGoDoesNotWait(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		all := exam.NewRendezvous(t, 3, "two members and whoever has come back from Go")
		meet := func(context.Context) error { all.Meet(); return nil }
		g := newGroup(meet, meet)
		all.Meet()
		g.Wait()
	})
}

// TestEverybodyWaits checks that any number of goroutines can wait for the same group.
//
//grade:todo 4.2
//grade:points 1
//grade:needs TestWait
func TestEverybodyWaits(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		written := 0
		var runs exam.Count
		g := newGroup(func(context.Context) error {
			runs.Add()
			runtime.Gosched()
			written = 1
			return nil
		})
		wait := func() {
			err := g.Wait()
			seen := written
			exam.Error(t, "Wait()", err, nil, "one of two at the same time")
			exam.Equal(t, "what the member wrote", seen, 1, "when a Wait has returned, one of two at the same time")
		}
		exam.Together(wait, wait)
		exam.Equal(t, "runs of the member", runs.Load(), 1, "when two have waited")
	})
}

// TestMembersAddMembers checks that Wait waits for members that members have added.
//
//grade:todo 4.2
//grade:points 1
//grade:needs TestWait
func TestMembersAddMembers(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		grandchild := ""
		g := join.New(context.Background())
		g.Go(func(context.Context) error {
			g.Go(func(context.Context) error {
				g.Go(func(context.Context) error { grandchild = "written"; return nil })
				return nil
			})
			return nil
		})
		g.Wait()
		seen := grandchild // a race if Wait does not wait
		exam.Equal(t, "what a member of a member's member wrote", seen, "written", "when Wait has returned")
	})
}

// TestNobodyWaits checks that a group that nobody waits for leaves nothing behind.
//
//grade:todo 4.2
//grade:points 1
//grade:needs TestWait
func TestNobodyWaits(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		both := exam.NewRendezvous(t, 2, "the second member and whoever has added it")
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		join.New(ctx)
		g := join.New(ctx)
		g.Go(func(context.Context) error { return io.EOF })
		g.Go(func(context.Context) error { both.Meet(); return nil })
		both.Meet()
	})
}

const (
	short = 5 * time.Millisecond
	long  = 20 * time.Millisecond
	ages  = 1000 * time.Hour // longer than anybody makes up a limit for
)

// asleep returns a member that returns err after some time.
func asleep(d time.Duration, err error) member {
	return func(context.Context) error {
		time.Sleep(d)
		return err
	}
}

// TestTimeout checks that WaitTimeout gives up when its time is over, and only the waiting.
//
//grade:todo 4.3
//grade:points 2
//grade:needs TestWait
func TestTimeout(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		start := time.Now()
		g := newGroup(asleep(short, nil))
		exam.Error(t, "WaitTimeout(20ms)", g.WaitTimeout(long), nil, "the member ends after 5ms")
		exam.Equal(t, "time when WaitTimeout(20ms) returned", time.Since(start).String(), "5ms", "its only member ended after 5ms, and it returns as soon as all have ended")

		cancelled := false
		g = newGroup(func(ctx context.Context) error {
			time.Sleep(long)
			cancelled = ctx.Err() != nil
			return nil
		})
		exam.Error(t, "WaitTimeout(5ms)", g.WaitTimeout(short), join.ErrTimeout, "the member ends after 20ms")
		exam.Error(t, "WaitTimeout(5ms)", g.WaitTimeout(short), join.ErrTimeout, "again; the member ends after 20ms")
		exam.Error(t, "WaitTimeout(20ms)", g.WaitTimeout(long), nil, "a third one; the member ends in the meantime")
		exam.Equal(t, "the member's context was cancelled", cancelled, false, "by a WaitTimeout that gave up")
		exam.Error(t, "Wait()", g.Wait(), nil, "after WaitTimeouts")

		g = newGroup(asleep(long, nil), asleep(0, io.EOF))
		err := g.WaitTimeout(short)
		exam.Error(t, "WaitTimeout(5ms)", err, join.ErrTimeout, "one member has returned io.EOF, and the other one is running")
		if errors.Is(err, io.EOF) {
			t.Errorf("WaitTimeout(5ms) = %q, want %q and nothing else: one member has returned io.EOF, and the other one is running", err, join.ErrTimeout)
		}
		exam.Error(t, "Wait()", g.Wait(), io.EOF, "one member has returned io.EOF, and the other one has ended")
	})
	interleave.Explore(t, func(t *testing.T) {
		gate := make(chan struct{})
		g := newGroup(func(context.Context) error { <-gate; return nil })
		exam.Together(
			func() { exam.Error(t, "Wait()", g.Wait(), nil, "while others have less patience") },
			func() {
				exam.Error(t, "WaitTimeout(5ms)", g.WaitTimeout(short), join.ErrTimeout, "while others have more patience; the member is running")
			},
			func() {
				exam.Error(t, "WaitTimeout(20ms)", g.WaitTimeout(long), join.ErrTimeout, "while others wait, too; the member is running")
				close(gate)
			},
		)
	})
	interleave.Explore(t, func(t *testing.T) {
		written := 0
		g := join.New(context.Background())
		g.Go(relay(g, 3, short, func() { written = 1 }))
		exam.Error(t, "WaitTimeout(20ms)", g.WaitTimeout(long), nil, "a member adds one after 5ms, which adds one after 5ms, which ends after 5ms")
		exam.Equal(t, "what the third one wrote", written, 1, "when WaitTimeout(20ms) has seen the end")

		g = join.New(context.Background())
		g.Go(relay(g, 3, 3*short, func() {}))
		exam.Error(t, "WaitTimeout(20ms)", g.WaitTimeout(long), join.ErrTimeout, "a member adds one after 15ms, which adds one after 15ms, which ends after 15ms")
		exam.Error(t, "Wait()", g.Wait(), nil, "after a WaitTimeout that gave up")
	})
	for _, c := range []struct{ patience, end time.Duration }{
		{500 * time.Microsecond, 300 * time.Microsecond},
		{ages, short},
		{2 * ages, ages},
		{math.MaxInt64, short},
	} {
		interleave.Explore(t, func(t *testing.T) {
			g := newGroup(asleep(c.end, nil))
			exam.Error(t, fmt.Sprintf("WaitTimeout(%v)", c.patience), g.WaitTimeout(c.patience), nil, fmt.Sprintf("the member ends after %v", c.end))
		})
	}
}

// relay returns a member that sleeps and adds the next one, n in all. The last one calls last.
func relay(g *join.Group, n int, d time.Duration, last func()) member {
	return func(context.Context) error {
		time.Sleep(d)
		if n == 1 {
			last()
		} else {
			g.Go(relay(g, n-1, d, last))
		}
		return nil
	}
}

// TestTimeoutLooks checks that WaitTimeout only looks if there is no time, and never misses an end long past.
//
//grade:todo 4.3
//grade:points 1
//grade:needs TestTimeout
func TestTimeoutLooks(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		gate := make(chan struct{})
		g := newGroup(func(ctx context.Context) error { <-gate; return ctx.Err() })
		exam.Error(t, "WaitTimeout(0)", newGroup().WaitTimeout(0), nil, "of a group without members")
		exam.Error(t, "WaitTimeout(0)", g.WaitTimeout(0), join.ErrTimeout, "the member is running")
		exam.Error(t, "WaitTimeout(-1s)", g.WaitTimeout(-time.Second), join.ErrTimeout, "the member is running")
		exam.Error(t, "WaitTimeout(math.MinInt64)", g.WaitTimeout(math.MinInt64), join.ErrTimeout, "the member is running")
		close(gate)
		exam.Error(t, "Wait()", g.Wait(), nil, "the member returned the Err() of its context, after some had looked whether it has ended")
		for range 3 {
			exam.Error(t, "WaitTimeout(0)", g.WaitTimeout(0), nil, "the group has ended")
			exam.Error(t, "WaitTimeout(-1s)", g.WaitTimeout(-time.Second), nil, "the group has ended")
			exam.Error(t, "WaitTimeout(1ns)", g.WaitTimeout(1), nil, "the group has ended")
		}
	})
	interleave.Explore(t, func(t *testing.T) {
		gate := make(chan struct{})
		g := newGroup(func(context.Context) error { <-gate; return nil }, func(context.Context) error { return io.EOF })
		time.Sleep(short)
		exam.Error(t, "WaitTimeout(0)", g.WaitTimeout(0), join.ErrTimeout, "one member is running, and the other one has returned io.EOF")
		exam.Error(t, "WaitTimeout(-1s)", g.WaitTimeout(-time.Second), join.ErrTimeout, "one member is running, and the other one has returned io.EOF")
		close(gate)
		g.Wait()
	})
}

// TestTimeoutLeavesNothing checks that goroutines do not pile up behind time-outs.
//
//grade:todo 4.3
//grade:points 2
//grade:needs TestTimeout
func TestTimeoutLeavesNothing(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		gate := make(chan struct{})
		g := newGroup(func(context.Context) error { <-gate; return nil })
		exam.Error(t, "WaitTimeout(5ms)", g.WaitTimeout(short), join.ErrTimeout, "the member is running")
		time.Sleep(short) // whoever is about to end may do so
		before := runtime.NumGoroutine()
		for range 3 {
			exam.Error(t, "WaitTimeout(5ms)", g.WaitTimeout(short), join.ErrTimeout, "the member is running")
			exam.Error(t, "WaitTimeout(0)", g.WaitTimeout(0), join.ErrTimeout, "the member is running")
		}
		time.Sleep(short)
		if more := runtime.NumGoroutine() - before; more > 0 {
			t.Errorf("%d goroutines more after 6 WaitTimeouts that gave up, want none: somebody still waits for those who have left", more)
		}
		close(gate)
		exam.Error(t, "Wait()", g.Wait(), nil, "after WaitTimeouts that gave up")
	})
	interleave.Explore(t, func(t *testing.T) {
		before := runtime.NumGoroutine()
		for range 3 {
			exam.Error(t, "WaitTimeout(1000h)", newGroup(asleep(short, nil)).WaitTimeout(ages), nil, "the member ends after 5ms")
		}
		time.Sleep(10 * long) // whoever looks now and then sees that there is nothing left to do
		if more := runtime.NumGoroutine() - before; more > 0 {
			t.Errorf("%d goroutines more after 3 groups that have ended and WaitTimeout(1000h), which saw it, want none: somebody still waits for the time to be over", more)
		}
	})
}

// TestTimeoutAtTheEnd checks that nothing breaks if the end and the time-out come together.
//
//grade:todo 4.3
//grade:points 1
//grade:needs TestTimeout
func TestTimeoutAtTheEnd(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		written := 0
		g := newGroup(func(context.Context) error {
			time.Sleep(short)
			written = 1
			return io.EOF
		})
		err := g.WaitTimeout(short)
		if err == nil || !errors.Is(err, io.EOF) && !errors.Is(err, join.ErrTimeout) {
			t.Errorf("WaitTimeout(5ms) = %v, want %v or %v: the member returns io.EOF after 5ms", err, io.EOF, join.ErrTimeout)
		}
		if errors.Is(err, io.EOF) {
			exam.Equal(t, "what the member wrote", written, 1, "when WaitTimeout(5ms) has seen its end, which came after 5ms")
		}
		exam.Error(t, "Wait()", g.Wait(), io.EOF, "after a WaitTimeout that came together with the end")
	})
	interleave.Explore(t, func(t *testing.T) {
		g := newGroup(asleep(short, io.EOF))
		exam.Together(
			func() {
				if err := g.WaitTimeout(short); !errors.Is(err, join.ErrTimeout) {
					exam.Error(t, "WaitTimeout(5ms)", err, io.EOF, "the member returns io.EOF after 5ms, and others wait, too")
				}
			},
			func() {
				exam.Error(t, "Wait()", g.Wait(), io.EOF, "the member returns io.EOF after 5ms, when somebody else may have given up")
			},
		)
	})
}
