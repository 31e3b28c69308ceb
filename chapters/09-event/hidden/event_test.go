//go:build grade

package hidden

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	event "lockstep/chapters/09-event"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

func TestMain(m *testing.M) { exam.Main(m) }

var background = context.Background()

// crowd is how many come when any number may: more than the smallest integers can count.
const crowd = 256

// settle returns when everybody else has done what can be done without the caller: time
// passes only when nobody can run, and 100 ms are many looks of those who poll.
func settle() { time.Sleep(100 * time.Millisecond) }

// errCause is why contexts end here, which Err does not say.
var errCause = errors.New("cause, which is not what Err says")

// ended returns a context that has ended already: it was cancelled, an hour before its deadline.
func ended() context.Context {
	ctx, cancel := context.WithCancelCause(background)
	cancel(errCause)
	ctx, stop := context.WithTimeout(ctx, time.Hour)
	stop()
	return ctx
}

// own is a context of somebody's own make: what its Err says is no error of package context.
type own struct{ context.Context }

var errOwn = errors.New("own error")

func (c own) Err() error {
	if c.Context.Err() == nil {
		return nil
	}
	return errOwn
}

// endless returns a context that could end and does not: what waits for that is left behind.
func endless() context.Context {
	ctx, cancel := context.WithCancel(background)
	_ = cancel
	return ctx
}

// TestSet checks that an event is set by Set, stays set, and may be set again.
//
//grade:todo 9.1
//grade:points 1
func TestSet(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		e, other := event.New(), event.New()
		exam.Equal(t, "IsSet()", e.IsSet(), false, "of a new event")
		e.Set()
		exam.Equal(t, "IsSet()", e.IsSet(), true, "after Set()")
		exam.Error(t, "Wait(ctx)", e.Wait(background), nil, "after Set()")
		exam.Error(t, "Wait(ctx)", e.Wait(background), nil, "after Set() and a Wait: to wait does not use it up")
		e.Set()
		exam.Equal(t, "IsSet()", e.IsSet(), true, "after Set() and Set()")
		exam.Error(t, "Wait(ctx)", e.Wait(background), nil, "after Set() and Set()")
		exam.Equal(t, "IsSet()", other.IsSet(), false, "of another event, which nobody has set")
	})
}

// TestWaitBlocks checks that Wait waits for Set, and that Set lets go everybody who waits.
//
//grade:todo 9.1
//grade:points 2
func TestWaitBlocks(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		e := event.New()
		var back exam.Count
		wait := func() {
			exam.Error(t, "Wait(ctx)", e.Wait(background), nil, "three goroutines waited when Set was called")
			back.Add()
		}
		exam.Together(wait, wait, wait, func() {
			settle()
			exam.Equal(t, "Waits that have returned", back.Load(), 0, "three goroutines wait, and nobody has called Set")
			e.Set()
			settle()
			exam.Equal(t, "Waits that have returned", back.Load(), 3, "three goroutines waited, and Set has been called")
		})
	})
	interleave.Once(t, func(t *testing.T) {
		e := event.New()
		var back exam.Count
		tasks := []func(){func() {
			time.Sleep(time.Nanosecond) // until all others wait
			e.Set()
		}}
		for range crowd {
			tasks = append(tasks, func() { e.Wait(background); back.Add() })
		}
		exam.Together(tasks...)
		exam.Equal(t, "Waits that have returned", back.Load(), crowd, "so many waited, and Set has been called")
	})
}

// TestSetIsNotMissed checks that nobody misses a Set that comes just as he begins to wait.
//
//grade:todo 9.1
//grade:points 2
func TestSetIsNotMissed(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		e := event.New()
		wait := func() {
			exam.Error(t, "Wait(ctx)", e.Wait(background), nil, "Set comes as it begins, and nobody calls Clear")
			exam.Equal(t, "IsSet()", e.IsSet(), true, "Wait has returned, and nobody calls Clear")
		}
		exam.Together(wait, wait, e.Set)
	})
}

// TestSetByMany checks that several may call Set at the same time.
//
//grade:todo 9.1
//grade:points 2
func TestSetByMany(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		e := event.New()
		set := func() {
			e.Set()
			exam.Equal(t, "IsSet()", e.IsSet(), true, "after Set(), while others call Set too")
		}
		exam.Together(set, set, func() {
			exam.Error(t, "Wait(ctx)", e.Wait(background), nil, "two goroutines call Set")
		})
	})
}

// TestSetPublishes checks that what was done before Set is visible to whoever has learnt of it.
//
//grade:todo 9.1
//grade:points 1
func TestSetPublishes(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		e := event.New()
		config := ""
		var waited, looked string
		exam.Together(
			func() { config = "loaded"; e.Set() },
			func() {
				e.Wait(background)
				waited = config
			},
			func() {
				if looked = "not yet"; e.IsSet() {
					looked = config
				}
			},
		)
		exam.Equal(t, "what was done before Set, seen after Wait", waited, "loaded", "one goroutine writes and calls Set, the other waits and reads")
		exam.OneOf(t, "what was done before Set, seen when IsSet() = true", looked, []string{"loaded", "not yet"}, "one goroutine writes and calls Set, the other reads if it is set")
		exam.Equal(t, "IsSet()", e.IsSet(), true, "after Set()")
	})
}

// TestClear checks that a cleared event can be waited for and set again, and Clear forgets nobody.
//
//grade:todo 9.2
//grade:points 2
//grade:needs TestWaitBlocks
func TestClear(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		e := event.New()
		e.Set()
		exam.Equal(t, "IsSet()", e.IsSet(), true, "after Set()")
		e.Clear()
		exam.Equal(t, "IsSet()", e.IsSet(), false, "after Set() and Clear()")
		e.Clear()
		exam.Equal(t, "IsSet()", e.IsSet(), false, "after Clear() of an event that is not set")
		var back exam.Count
		exam.Together(
			func() {
				exam.Error(t, "Wait(ctx)", e.Wait(background), nil, "the event was cleared before and set later")
				back.Add()
			},
			func() {
				settle()
				exam.Equal(t, "Waits that have returned", back.Load(), 0, "one goroutine waits, and the last call was Clear()")
				e.Clear() // not set, but somebody waits
				settle()
				exam.Equal(t, "Waits that have returned", back.Load(), 0, "one goroutine waits, and Clear() was called, of an event that was not set")
				e.Set()
				exam.Equal(t, "IsSet()", e.IsSet(), true, "after Set(), Clear() and Set()")
				settle()
				exam.Equal(t, "Waits that have returned", back.Load(), 1, "one goroutine waited, Clear() changed nothing, and Set() let it go")
			},
		)
	})
}

// TestClearAfterSet checks that whoever Set has let go is not held up by a Clear that follows at once.
//
//grade:todo 9.2
//grade:points 3
//grade:needs TestWaitBlocks
func TestClearAfterSet(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		e := event.New()
		var back exam.Count
		wait := func() {
			exam.Error(t, "Wait(ctx)", e.Wait(background), nil, "it waited when Set was called; Clear came right after")
			back.Add()
		}
		exam.Together(wait, wait, func() {
			settle()
			exam.Equal(t, "Waits that have returned", back.Load(), 0, "two goroutines wait, and nobody has called Set")
			e.Set()
			e.Clear()
			exam.Equal(t, "IsSet()", e.IsSet(), false, "after Set() and Clear(), though those whom Set has let go may not have returned yet")
			exam.Error(t, "Wait(ctx)", e.Wait(ended()), context.Canceled, "after Set() and Clear(), beside those whom Set has let go; ctx had ended")
			settle()
			exam.Equal(t, "Waits that have returned", back.Load(), 2, "two goroutines waited when Set was called, and Clear came right after")
			exam.Equal(t, "IsSet()", e.IsSet(), false, "after Set() and Clear()")
			e.Set() // for those who are held up: they come too late
		})
	})
}

// TestSetAndClearTogether checks that Set and Clear may be called at the same time, and the last one counts.
//
//grade:todo 9.2
//grade:points 1
//grade:needs TestSetByMany
func TestSetAndClearTogether(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		e := event.New()
		exam.Together(
			func() { e.Set(); e.Clear() },
			func() { e.Clear(); e.Set() },
		)
		set := e.IsSet()
		exam.Equal(t, "Wait(ctx) == nil", e.Wait(ended()) == nil, set, "what IsSet() says, after Sets and Clears, and ctx has ended")
		e.Set()
		exam.Equal(t, "IsSet()", e.IsSet(), true, "after Sets and Clears at the same time, and then Set()")
		e.Clear()
		exam.Equal(t, "IsSet()", e.IsSet(), false, "after Sets and Clears at the same time, and then Clear()")
		e.Clear()
	})
	interleave.Explore(t, func(t *testing.T) {
		e := event.New()
		exam.Together(
			func() {
				exam.Error(t, "Wait(ctx)", e.Wait(background), nil, "others call Clear and Set, and the last call is Set")
			},
			func() { e.Clear(); e.Set() },
			e.Set,
		)
		exam.Equal(t, "IsSet()", e.IsSet(), true, "others called Clear and Set, and the last call was Set")
	})
	interleave.Explore(t, func(t *testing.T) {
		e := event.New()
		var before, after exam.Count
		exam.Together(
			func() { e.Wait(background); before.Add() },
			func() { settle(); e.Set() },
			func() { settle(); e.Clear() },
			func() { settle(); e.Clear(); e.Wait(background); after.Add() },
			func() {
				settle()
				settle()
				exam.Equal(t, "Waits that have returned", before.Load(), 1, "one goroutine waited when Set was called, Clears came at the same time, and another one waits since then")
				if e.IsSet() {
					exam.Equal(t, "Waits that have returned", after.Load(), 1, "one goroutine waits after a Clear, and the event is set")
				}
				e.Set() // for the one who came after it
			},
		)
	}, interleave.Budget(400), interleave.Schedules(100))
	for _, call := range []string{"Set", "Clear"} {
		interleave.Explore(t, func(t *testing.T) {
			e, after := event.New(), call == "Set"
			change := e.Set
			if call == "Clear" {
				e.Set()
				change = e.Clear
			}
			var seen [4]bool
			exam.Together(
				change,
				func() {
					seen = [4]bool{e.IsSet(), e.Wait(ended()) == nil, e.IsSet(), e.Wait(ended()) == nil}
				},
			)
			for i := range len(seen) - 1 {
				if seen[i] == after && seen[i+1] != after {
					t.Errorf("an event is found set or not by IsSet, Wait, IsSet and Wait, one after the other, with a ctx that had ended: %v; want no way back from %v: all that anybody else calls is %s()", seen, after, call)
					break
				}
			}
		})
	}
}

// TestWaitContext checks that Wait gives up when its context ends, only if the event is not set, and leaves nothing behind.
//
//grade:todo 9.3
//grade:points 2
//grade:needs TestSet
func TestWaitContext(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		e := event.New()
		exam.Error(t, "Wait(ctx)", e.Wait(ended()), context.Canceled, "ctx was cancelled before, an hour before its deadline, and the event is not set")
		exam.Error(t, "Wait(ctx)", e.Wait(own{ended()}), errOwn, "ctx is of a type of the caller's, has ended before, and that is what its Err says")
		ctx, cancel := context.WithTimeoutCause(background, time.Second, errCause)
		defer cancel()
		exam.Error(t, "Wait(ctx)", e.Wait(ctx), context.DeadlineExceeded, "ctx ends after a second, and nobody calls Set")
		exam.Equal(t, "IsSet()", e.IsSet(), false, "somebody has given up waiting, and nobody has called Set")
		e.Set()
		exam.Error(t, "Wait(ctx)", e.Wait(ended()), nil, "ctx was cancelled before, but the event is set")
		exam.Equal(t, "IsSet()", e.IsSet(), true, "after Set()")
	})
	interleave.Explore(t, func(t *testing.T) {
		e := event.New()
		ctx, cancel := context.WithCancel(background)
		var impatient error
		exam.Together(
			func() { impatient = e.Wait(ctx); e.Set() },
			func() {
				exam.Error(t, "Wait(ctx)", e.Wait(background), nil, "Set was called, after another one who waited had given up")
			},
			cancel,
		)
		exam.Error(t, "Wait(ctx)", impatient, context.Canceled, "ctx is cancelled as it begins to wait, and nobody has called Set yet")
	})
	interleave.Explore(t, func(t *testing.T) {
		e := event.New()
		exam.Together(
			func() {
				exam.Error(t, "Wait(ctx)", e.Wait(endless()), nil, "it waited, Set was called, and ctx did not end")
			},
			func() { settle(); e.Set() },
		)
	})
	interleave.Explore(t, func(t *testing.T) { // nobody ever calls Set: what waits on waits for ever
		e := event.New()
		ctx, cancel := context.WithCancel(background)
		var err error
		exam.Together(func() { err = e.Wait(ctx) }, cancel)
		exam.Error(t, "Wait(ctx)", err, context.Canceled, "ctx is cancelled as Wait begins, and nobody calls Set")
	})
	leavesNoTrace(t)
}

// leavesNoTrace checks that the memory of an event does not grow with those who have given up.
// Each may have left 5 bytes before that counts; an empty place in a list is more than that.
func leavesNoTrace(t *testing.T) {
	const times = 10_000
	// Each core keeps goroutines that have ended for the next ones.
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	synctest.Test(t, func(t *testing.T) { // an exploration has memory of its own
		e := event.New()
		heap := func() int {
			var m runtime.MemStats
			for range 2 { // what a sync.Pool has outlives the first
				runtime.GC()
			}
			runtime.ReadMemStats(&m)
			return int(m.HeapAlloc)
		}
		before := heap()
		for range times {
			ctx, cancel := context.WithCancel(background)
			go cancel()
			e.Wait(ctx)
		}
		if more := heap() - before; more > 5*times {
			t.Errorf("%d KB more in use after 10,000 Waits that gave up, want no more than before: who gives up leaves nothing behind", more>>10)
		}
		e.Set()                 // it is in use until here
		time.Sleep(time.Minute) // those who look now and then may have to look once more
	})
}
