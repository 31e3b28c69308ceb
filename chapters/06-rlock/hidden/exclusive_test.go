//go:build grade

package hidden

import (
	"errors"
	"fmt"
	"runtime"
	"testing"
	"time"

	rlock "lockstep/chapters/06-rlock"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// Who unlocks what nobody holds is no owner either: ErrNotLocked may come with ErrNotOwner.
func TestMain(m *testing.M) { exam.Main(m, rlock.ErrNotOwner, rlock.ErrFull, rlock.ErrUpgrade) }

// settle returns when everybody else has done what can be done without the caller: time
// passes in an exploration only when nobody can run, and whoever polls looks now and then.
func settle() { time.Sleep(60 * time.Millisecond) }

// many is how many times a lock is taken to see how far it counts: a byte is too small.
const many = 256

// panics are values that f and visit panic with: who hands a panic on hands on these.
var panics = []any{"f", errors.New("f"), 7}

// few is for long bodies in which the order matters little: whether somebody comes who is let go on.
var few = []interleave.Option{interleave.Preemptions(0), interleave.Budget(1), interleave.Schedules(10)}

// some is for tables: all schedules with one pre-emption, and a few others.
var some = []interleave.Option{interleave.Preemptions(1), interleave.Budget(100), interleave.Schedules(10)}

// crowd is for three goroutines and more: all schedules with two pre-emptions are too many.
var crowd = []interleave.Option{interleave.Budget(500), interleave.Schedules(200)}

// TestLockAgain checks that the owner may lock again, and frees the lock with as many unlocks.
//
//grade:todo 6.1
//grade:points 2
func TestLockAgain(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		l := rlock.NewRLock()
		var bobIsIn exam.Count
		for range 3 {
			l.Lock("ann")
		}
		go func() {
			l.Lock("bob")
			bobIsIn.Add()
			l.Unlock("bob")
		}()
		for left := 3; left > 0; left-- {
			when := fmt.Sprintf("ann has locked 3 times and unlocked %d times", 3-left)
			exam.Equal(t, `times that Lock("bob") has returned`, bobIsIn.Load(), 0, when)
			exam.Error(t, `Unlock("ann")`, l.Unlock("ann"), nil, when)
		}
		settle()
		exam.Equal(t, `times that Lock("bob") has returned`, bobIsIn.Load(), 1, "ann has locked 3 times and unlocked 3 times")
	})
	interleave.Explore(t, func(t *testing.T) {
		l := rlock.NewRLock()
		var bobIsIn exam.Count
		for range many {
			l.Lock("ann")
		}
		go func() {
			l.Lock("bob")
			bobIsIn.Add()
			l.Unlock("bob")
		}()
		runtime.Gosched() // no sleep: in a plain run that would not end while somebody waits for a mutex
		exam.Equal(t, `times that Lock("bob") has returned`, bobIsIn.Load(), 0, "ann has locked 256 times")
		for i := range many {
			if !exam.Error(t, `Unlock("ann")`, l.Unlock("ann"), nil, fmt.Sprintf("ann has locked 256 times and unlocked %d times", i)) {
				return
			}
		}
		settle()
		exam.Equal(t, `times that Lock("bob") has returned`, bobIsIn.Load(), 1, "ann has locked 256 times and unlocked 256 times")
	}, few...)
}

// TestLockKeepsOthersOut checks that one owner at a time is inside, and everybody who waits gets in.
//
//grade:todo 6.1
//grade:points 2
//grade:needs TestLockAgain
func TestLockKeepsOthersOut(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		l := rlock.NewRLock()
		inside, total := exam.Peak{}, 0
		add := func(o rlock.Owner) {
			l.Lock(o)
			inside.Enter()
			total++
			l.Lock(o)
			total++
			exam.Error(t, fmt.Sprintf("Unlock(%q)", o), l.Unlock(o), nil, "it has locked twice and unlocked once")
			total++
			inside.Leave()
			exam.Error(t, fmt.Sprintf("Unlock(%q)", o), l.Unlock(o), nil, "it has locked twice and unlocked once")
		}
		exam.Together(
			func() { add("ann"); add("ann") },
			func() { add("bob") },
			func() { add("cy") },
		)
		exam.Equal(t, "owners inside at the same time", inside.Most(), 1, "ann, bob and cy lock and lock again, ann a second time after she has let go")
		exam.Equal(t, "total", total, 12, "ann, bob and cy have each added 1 three times with the lock held, ann once more")
	}, crowd...)
	twoLocks(t, func() (func(rlock.Owner), func(rlock.Owner) error) {
		l := rlock.NewRLock()
		return l.Lock, l.Unlock
	})
}

// twoLocks explores two locks of a kind that ann holds. She lets the second go first: who
// waits for that gets in, though somebody waits for the first one too.
func twoLocks(t *testing.T, fresh func() (lock func(rlock.Owner), unlock func(rlock.Owner) error)) {
	interleave.Explore(t, func(t *testing.T) {
		lockA, unlockA := fresh()
		lockB, unlockB := fresh()
		var bobIsIn exam.Count
		lockA("ann")
		lockB("ann")
		cyIsIn := make(chan bool)
		exam.Together(
			func() { lockA("bob"); bobIsIn.Add(); unlockA("bob") },
			func() { lockB("cy"); close(cyIsIn); unlockB("cy") },
			func() {
				exam.Error(t, `b.Unlock("ann")`, unlockB("ann"), nil, "ann holds two locks, a and b")
				<-cyIsIn
				exam.Equal(t, `times that a.Lock("bob") has returned`, bobIsIn.Load(), 0, "ann holds a, and has let b go")
				exam.Error(t, `a.Unlock("ann")`, unlockA("ann"), nil, "ann holds a, and has let b go")
			},
		)
	}, some...)
}

// TestUnlockByStranger checks that Unlock is refused, and does nothing, for whoever does not hold the lock.
//
//grade:todo 6.1
//grade:points 1
//grade:needs TestLockAgain
func TestUnlockByStranger(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		l := rlock.NewRLock()
		exam.Error(t, `Unlock("ann")`, l.Unlock("ann"), rlock.ErrNotOwner, "nobody has ever locked")
		l.Lock("ann")
		l.Lock("ann")
		exam.Error(t, `Unlock("bob")`, l.Unlock("bob"), rlock.ErrNotOwner, "ann has locked twice")
		exam.Error(t, `Unlock("bob")`, l.Unlock("bob"), rlock.ErrNotOwner, "ann has locked twice, and bob tries again")
		exam.Error(t, `Unlock("ann")`, l.Unlock("ann"), nil, "ann has locked twice")
		exam.Error(t, `Unlock("bob")`, l.Unlock("bob"), rlock.ErrNotOwner, "ann has locked twice and unlocked once")
		exam.Error(t, `Unlock("ann")`, l.Unlock("ann"), nil, "ann has locked twice and unlocked once")
		exam.Error(t, `Unlock("ann")`, l.Unlock("ann"), rlock.ErrNotOwner, "ann has locked twice and unlocked twice")
		l.Lock("bob")
		exam.Error(t, `Unlock("ann")`, l.Unlock("ann"), rlock.ErrNotOwner, "ann has let it go, and bob has locked")
		other := rlock.NewRLock()
		exam.Error(t, `other.Unlock("bob")`, other.Unlock("bob"), rlock.ErrNotOwner, "bob has locked, but not this lock")
		other.Lock("ann")
		exam.Error(t, `Unlock("ann")`, l.Unlock("ann"), rlock.ErrNotOwner, "bob has locked, and ann another lock")
		exam.Error(t, `other.Unlock("ann")`, other.Unlock("ann"), nil, "bob has locked, and ann another lock")
		exam.Error(t, `Unlock("bob")`, l.Unlock("bob"), nil, "bob has locked")
	})
}

// TestStrangerWhileLocked checks that a stranger who unlocks, while others lock and unlock, lets nobody in.
//
//grade:todo 6.1
//grade:points 1
//grade:needs TestLockKeepsOthersOut TestUnlockByStranger
func TestStrangerWhileLocked(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		l := rlock.NewRLock()
		total := 0
		add := func(o rlock.Owner) func() {
			return func() {
				l.Lock(o)
				total++
				l.Unlock(o)
			}
		}
		var stranger error
		exam.Together(add("ann"), add("bob"), func() { stranger = l.Unlock("cy") })
		exam.Error(t, `Unlock("cy")`, stranger, rlock.ErrNotOwner, "cy has never locked, while ann and bob do")
		exam.Equal(t, "total", total, 2, "ann and bob have each added 1 with the lock held, while cy unlocked")
	})
}

// TestTryLock checks that TryLock never waits, counts for the owner, and changes nothing when it fails.
//
//grade:todo 6.2
//grade:points 1
//grade:needs TestLockAgain
func TestTryLock(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		l := rlock.NewRLock()
		exam.Equal(t, `TryLock("ann")`, l.TryLock("ann"), true, "nobody holds the lock")
		exam.Equal(t, `TryLock("bob")`, l.TryLock("bob"), false, "ann holds the lock")
		exam.Equal(t, `TryLock("ann")`, l.TryLock("ann"), true, "ann holds the lock already")
		exam.Error(t, `Unlock("bob")`, l.Unlock("bob"), rlock.ErrNotOwner, "bob has tried, but not got, the lock")
		exam.Error(t, `Unlock("ann")`, l.Unlock("ann"), nil, "ann has got the lock twice")
		exam.Equal(t, `TryLock("bob")`, l.TryLock("bob"), false, "ann has got the lock twice and unlocked once")
		exam.Error(t, `Unlock("ann")`, l.Unlock("ann"), nil, "ann has got the lock twice and unlocked once; what bob tried does not count")
		exam.Error(t, `Unlock("ann")`, l.Unlock("ann"), rlock.ErrNotOwner, "ann has got the lock twice and unlocked twice")
		exam.Equal(t, `TryLock("bob")`, l.TryLock("bob"), true, "ann has let the lock go")
		l.Lock("bob")
		exam.Error(t, `Unlock("bob")`, l.Unlock("bob"), nil, "bob has got the lock with TryLock and locked again")
		exam.Error(t, `Unlock("bob")`, l.Unlock("bob"), nil, "bob has got the lock with TryLock and locked again")
	})
	interleave.Explore(t, func(t *testing.T) {
		l := rlock.NewRLock()
		var bobIsIn exam.Count
		l.Lock("ann")
		done := make(chan bool)
		go func() {
			l.Lock("bob")
			bobIsIn.Add()
			l.Unlock("bob")
			close(done)
		}()
		runtime.Gosched()
		exam.Equal(t, `TryLock("ann")`, l.TryLock("ann"), true, "ann holds the lock, and bob may wait for it")
		exam.Equal(t, `TryLock("cy")`, l.TryLock("cy"), false, "ann holds the lock, and bob may wait for it")
		l.Lock("ann")
		for left := 3; left > 0; left-- {
			when := fmt.Sprintf("ann has got the lock 3 times, twice while bob may have waited, and unlocked %d times", 3-left)
			exam.Equal(t, `times that Lock("bob") has returned`, bobIsIn.Load(), 0, when)
			exam.Error(t, `Unlock("ann")`, l.Unlock("ann"), nil, when)
		}
		<-done
	}, some...)
}

// TestTryLockAtTheSameTime checks that of several who try at the same time exactly one gets the lock.
//
//grade:todo 6.2
//grade:points 1
//grade:needs TestTryLock
func TestTryLockAtTheSameTime(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		l := rlock.NewRLock()
		var got exam.Count
		var ann, bob, cy bool
		try := func(o rlock.Owner, ok *bool) func() {
			return func() {
				if *ok = l.TryLock(o); *ok {
					got.Add()
				}
			}
		}
		exam.Together(try("ann", &ann), try("bob", &bob), try("cy", &cy))
		exam.Equal(t, "owners whose TryLock returned true", got.Load(), 1, "ann, bob and cy try at the same time, and nobody unlocks")
		for o, ok := range map[rlock.Owner]bool{"ann": ann, "bob": bob, "cy": cy} {
			if ok {
				exam.Error(t, fmt.Sprintf("Unlock(%q)", o), l.Unlock(o), nil, "its TryLock returned true")
			}
		}
		exam.Equal(t, `TryLock("dee")`, l.TryLock("dee"), true, "whoever had got the lock has let it go")
	})
	interleave.Explore(t, func(t *testing.T) {
		l := rlock.NewRLock()
		var ann, bob bool
		var cy error
		l.Lock("ann")
		exam.Together(
			func() { ann = l.TryLock("ann") },
			func() { bob = l.TryLock("bob") },
			func() { cy = l.Unlock("cy") },
		)
		const when = `ann holds the lock, TryLock("ann"), TryLock("bob") and Unlock("cy") at the same time`
		exam.Equal(t, `TryLock("ann")`, ann, true, when)
		exam.Equal(t, `TryLock("bob")`, bob, false, when)
		exam.Error(t, `Unlock("cy")`, cy, rlock.ErrNotOwner, when)
	})
	interleave.Explore(t, func(t *testing.T) {
		l := rlock.NewRLock()
		total, want := 0, 2
		exam.Together(
			func() { l.Lock("ann"); total++; l.Unlock("ann") },
			func() {
				if l.TryLock("bob") {
					total++
					want++
					exam.Error(t, `Unlock("bob")`, l.Unlock("bob"), nil, "his TryLock returned true, while ann and cy lock")
				}
			},
			func() { l.Lock("cy"); total++; l.Unlock("cy") },
		)
		exam.Equal(t, "total", total, want, fmt.Sprintf("ann and cy have added 1 with the lock held, and bob if his TryLock returned true (%t)", want == 3))
	})
}

// TestWith checks that With holds the lock while f runs, and takes it back once, however f ends.
//
//grade:todo 6.2
//grade:points 2
//grade:needs TestTryLock
func TestWith(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		l := rlock.NewRLock()
		calls := 0
		l.With("ann", func() {
			calls++
			exam.Equal(t, `TryLock("bob")`, l.TryLock("bob"), false, `in With("ann", f)`)
			l.With("ann", func() { calls++ })
			exam.Equal(t, `TryLock("bob")`, l.TryLock("bob"), false, `in With("ann", f), after another With("ann", f)`)
		})
		exam.Equal(t, "calls of f", calls, 2, `after With("ann", f), and another one in f`)
		exam.Error(t, `Unlock("ann")`, l.Unlock("ann"), rlock.ErrNotOwner, `after With("ann", f)`)

		for _, value := range panics {
			l.Lock("ann")
			caught := func() (caught any) {
				defer func() { caught = recover() }()
				l.With("ann", func() { panic(value) })
				return nil
			}()
			exam.Equal(t, "recover()", caught, value, `With("ann", f) has called an f that panics with this very value`)
			exam.Equal(t, `TryLock("bob")`, l.TryLock("bob"), false, `ann had locked before a With("ann", f) that panicked`)
			exam.Error(t, `Unlock("ann")`, l.Unlock("ann"), nil, `ann had locked before a With("ann", f) that panicked`)
			exam.Equal(t, `TryLock("bob")`, l.TryLock("bob"), true, `after a With("ann", f) that panicked, ann has let go what she had locked herself`)
			exam.Error(t, `Unlock("bob")`, l.Unlock("bob"), nil, `his TryLock returned true`)
		}

		l = rlock.NewRLock()
		l.With("ann", func() { l.Lock("ann") })
		exam.Equal(t, `TryLock("bob")`, l.TryLock("bob"), false, `after a With("ann", f) whose f has locked for ann`)
		exam.Error(t, `Unlock("ann")`, l.Unlock("ann"), nil, `after a With("ann", f) whose f has locked for ann`)
		exam.Equal(t, `TryLock("bob")`, l.TryLock("bob"), true, `ann has let go what f had locked in With("ann", f)`)

		l = rlock.NewRLock()
		l.Lock("ann")
		l.With("ann", func() {
			exam.Error(t, `Unlock("ann")`, l.Unlock("ann"), nil, `in With("ann", f), of an ann who had locked before`)
			exam.Equal(t, `TryLock("bob")`, l.TryLock("bob"), false, `in With("ann", f), after one Unlock of an ann who had locked before: With has locked too`)
		})
		exam.Error(t, `Unlock("ann")`, l.Unlock("ann"), rlock.ErrNotOwner, `after Lock("ann") and a With("ann", f) whose f has unlocked once`)
		exam.Equal(t, `TryLock("bob")`, l.TryLock("bob"), true, `after Lock("ann") and a With("ann", f) whose f has unlocked once`)

		l = rlock.NewRLock()
		returned := false
		exam.Together(func() { l.With("ann", runtime.Goexit); returned = true })
		exam.Equal(t, "With has returned", returned, false, `f has ended its goroutine with runtime.Goexit, which is that of With`)
		exam.Equal(t, `TryLock("bob")`, l.TryLock("bob"), true, `after a With("ann", f) whose f has ended its goroutine with runtime.Goexit`)
	})
	interleave.Explore(t, func(t *testing.T) {
		l := rlock.NewRLock()
		var calls exam.Count
		l.Lock("ann")
		exam.Together(
			func() { l.With("bob", func() { calls.Add() }) },
			func() {
				settle()
				exam.Equal(t, "calls of f", calls.Load(), 0, `in With("bob", f), while ann holds the lock`)
				exam.Error(t, `Unlock("ann")`, l.Unlock("ann"), nil, `ann has locked, and With("bob", f) waits`)
			},
		)
		exam.Equal(t, "calls of f", calls.Load(), 1, `after With("bob", f), which waited for ann`)
	})
}
