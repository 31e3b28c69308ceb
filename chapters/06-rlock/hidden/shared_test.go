//go:build grade

package hidden

import (
	"fmt"
	"runtime"
	"testing"

	rlock "lockstep/chapters/06-rlock"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// TestSharedCounts checks that a SharedLock counts the reads and writes of each owner, and refuses strangers.
//
//grade:todo 6.6
//grade:points 2
func TestSharedCounts(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		l := rlock.NewSharedLock()
		runlock := func(o rlock.Owner, want error, when string) {
			t.Helper()
			exam.Error(t, fmt.Sprintf("RUnlock(%q)", o), l.RUnlock(o), want, when)
		}
		unlock := func(o rlock.Owner, want error, when string) {
			t.Helper()
			exam.Error(t, fmt.Sprintf("Unlock(%q)", o), l.Unlock(o), want, when)
		}
		runlock("ann", rlock.ErrNotOwner, "nobody holds the lock")
		unlock("ann", rlock.ErrNotOwner, "nobody holds the lock")
		l.RLock("ann")
		l.RLock("bob")
		l.RLock("ann")
		runlock("cy", rlock.ErrNotOwner, "ann reads twice and bob once")
		unlock("ann", rlock.ErrNotOwner, "ann only reads")
		runlock("bob", nil, "ann reads twice and bob once")
		runlock("bob", rlock.ErrNotOwner, "ann reads twice, and bob no more")
		runlock("ann", nil, "ann reads twice")
		runlock("ann", nil, "ann reads once")
		runlock("ann", rlock.ErrNotOwner, "ann reads no more")

		exam.Error(t, `Lock("ann")`, l.Lock("ann"), nil, "nobody holds the lock")
		exam.Error(t, `Lock("ann")`, l.Lock("ann"), nil, "ann writes already")
		l.RLock("ann")
		exam.Error(t, `Lock("ann")`, l.Lock("ann"), nil, "ann writes twice and reads once")
		unlock("bob", rlock.ErrNotOwner, "ann writes")
		runlock("bob", rlock.ErrNotOwner, "ann writes and reads")
		runlock("ann", nil, "ann writes three times and reads once")
		runlock("ann", rlock.ErrNotOwner, "ann writes three times and reads no more")
		for left := 3; left > 0; left-- {
			unlock("ann", nil, fmt.Sprintf("ann writes %d times", left))
		}
		unlock("ann", rlock.ErrNotOwner, "ann writes no more")
		exam.Error(t, `Lock("bob")`, l.Lock("bob"), nil, "ann has let go whatever she held")
		unlock("bob", nil, "bob writes")

		other := rlock.NewSharedLock()
		other.RLock("ann")
		runlock("ann", rlock.ErrNotOwner, "ann reads, but holds another lock")
		exam.Error(t, `Lock("ann")`, l.Lock("ann"), nil, "ann reads, but holds another lock")
		exam.Error(t, `other.Unlock("ann")`, other.Unlock("ann"), rlock.ErrNotOwner, "ann reads with this lock, and writes with another one")
		exam.Error(t, `other.RUnlock("ann")`, other.RUnlock("ann"), nil, "ann reads with this lock, and writes with another one")
		runlock("ann", rlock.ErrNotOwner, "ann only writes; what she read with another lock does not count")
		unlock("ann", nil, "ann writes")
	})
	strangers(t)
	for _, c := range []struct {
		lock, unlock string
		take         func(l *rlock.SharedLock, o rlock.Owner)
		back         func(l *rlock.SharedLock, o rlock.Owner) error
		owner        func(i int) rlock.Owner
	}{
		{`RLock("ann")`, `RUnlock("ann")`, (*rlock.SharedLock).RLock, (*rlock.SharedLock).RUnlock, func(int) rlock.Owner { return "ann" }},
		{`Lock("ann")`, `Unlock("ann")`, func(l *rlock.SharedLock, o rlock.Owner) { l.Lock(o) }, (*rlock.SharedLock).Unlock, func(int) rlock.Owner { return "ann" }},
		{"RLock of another owner each", "RUnlock of another owner each", (*rlock.SharedLock).RLock, (*rlock.SharedLock).RUnlock, func(i int) rlock.Owner { return rlock.Owner(fmt.Sprint("owner ", i)) }},
	} {
		interleave.Explore(t, func(t *testing.T) {
			l := rlock.NewSharedLock()
			var bobIsIn exam.Count
			for i := range many {
				c.take(l, c.owner(i))
			}
			done := make(chan bool)
			go func() {
				l.Lock("bob")
				bobIsIn.Add()
				l.Unlock("bob")
				close(done)
			}()
			runtime.Gosched()
			exam.Equal(t, `times that Lock("bob") has returned`, bobIsIn.Load(), 0, "after 256 times "+c.lock)
			for i := range many {
				if !exam.Error(t, c.unlock, c.back(l, c.owner(i)), nil, fmt.Sprintf("after 256 times %s and %d times %s", c.lock, i, c.unlock)) {
					return
				}
			}
			<-done
		}, few...)
	}
}

// TestSharedReadAgain checks that a reader may read again while a writer waits, and others may not.
//
//grade:todo 6.6
//grade:points 3
//grade:needs TestSharedCounts
func TestSharedReadAgain(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		l := rlock.NewSharedLock()
		var wrote, early exam.Count
		l.RLock("ann")
		go func() {
			l.Lock("bob")
			wrote.Add()
			l.Unlock("bob")
		}()
		settle()
		reading := make(chan bool)
		go func() {
			l.RLock("cy")
			if wrote.Load() == 0 {
				early.Add()
			}
			l.RUnlock("cy")
			close(reading)
		}()
		settle()
		exam.Equal(t, "times that cy got in", early.Load(), 0, "ann reads, bob waits to write, and then cy comes to read")
		l.RLock("ann")
		exam.Error(t, `RUnlock("ann")`, l.RUnlock("ann"), nil, "ann reads twice, bob waits to write")
		settle()
		exam.Equal(t, "times that bob got in", wrote.Load(), 0, "ann has read twice and let go once")
		exam.Error(t, `RUnlock("ann")`, l.RUnlock("ann"), nil, "ann reads, bob waits to write")
		<-reading
		exam.Equal(t, "times that cy got in", early.Load(), 0, "before bob, who waited to write when cy came to read")
	})
	interleave.Explore(t, func(t *testing.T) {
		l := rlock.NewSharedLock()
		read := func(o rlock.Owner) func() {
			return func() {
				l.RLock(o)
				l.RLock(o)
				l.RUnlock(o)
				l.RUnlock(o)
			}
		}
		exam.Together(read("ann"), read("bob"), func() { l.Lock("cy"); l.Unlock("cy") })
	})
}

// TestSharedWritersFirst checks that readers wait behind writers who wait, and then get in together.
//
//grade:todo 6.6
//grade:points 2
//grade:needs TestSharedCounts
func TestSharedWritersFirst(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		l := rlock.NewSharedLock()
		both := exam.NewRendezvous(t, 2, "readers who waited for a writer")
		var writers exam.Count
		var bob, cy int
		read := func(o rlock.Owner, before *int) func() {
			return func() {
				l.RLock(o)
				*before = writers.Load()
				both.Meet()
				l.RUnlock(o)
			}
		}
		l.Lock("ann")
		exam.Together(read("bob", &bob), read("cy", &cy), func() {
			settle()
			exam.Together(
				func() { l.Lock("dee"); writers.Add(); l.Unlock("dee") },
				func() { settle(); l.Unlock("ann") },
			)
		})
		const when = "ann let go of what she wrote while bob and cy waited to read, and dee to write: writers go first"
		exam.Equal(t, "writers who came before bob and cy", [2]int{bob, cy}, [2]int{1, 1}, when)
	}, crowd...)
	writersFirst(t, func() rw { return rlock.NewSharedLock() })
}

// TestSharedUpgrade checks that a reader who asks to write is refused at once, and nothing has changed.
//
//grade:todo 6.6
//grade:points 2
//grade:needs TestSharedCounts
func TestSharedUpgrade(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		l := rlock.NewSharedLock()
		upgrade := func(o rlock.Owner) func() {
			return func() {
				l.RLock(o)
				exam.Error(t, fmt.Sprintf("Lock(%q)", o), l.Lock(o), rlock.ErrUpgrade, "it holds the lock for reading; another owner may too")
				exam.Error(t, fmt.Sprintf("Unlock(%q)", o), l.Unlock(o), rlock.ErrNotOwner, "it reads, and its Lock was refused")
				exam.Error(t, fmt.Sprintf("RUnlock(%q)", o), l.RUnlock(o), nil, "it reads, and its Lock was refused")
			}
		}
		exam.Together(upgrade("ann"), upgrade("bob"))
		l.RLock("ann")
		exam.Error(t, `Lock("ann")`, l.Lock("ann"), rlock.ErrUpgrade, "ann is the only one who reads")
		l.RLock("bob") // waits for ever if the refused Lock has left a waiting writer behind
		l.RUnlock("bob")
		l.RUnlock("ann")
		exam.Error(t, `Lock("ann")`, l.Lock("ann"), nil, "ann has let go what she read")
		exam.Error(t, `Unlock("ann")`, l.Unlock("ann"), nil, "ann writes")
	})
	upgradeWhileOthersWait(t)
}

// TestSharedDowngrade checks that a writer who also reads becomes a reader when it stops writing.
//
//grade:todo 6.6
//grade:points 2
//grade:needs TestSharedCounts
func TestSharedDowngrade(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		l := rlock.NewSharedLock()
		var readers, writers exam.Count
		exam.Error(t, `Lock("ann")`, l.Lock("ann"), nil, "nobody holds the lock")
		l.RLock("ann")
		done := make(chan bool)
		go func() {
			l.RLock("bob")
			readers.Add()
			l.RUnlock("bob")
			done <- true
		}()
		settle()
		exam.Equal(t, "times that bob got in", readers.Load(), 0, "ann writes and reads, and bob comes to read")
		exam.Error(t, `Unlock("ann")`, l.Unlock("ann"), nil, "ann writes and reads, and bob waits to read")
		<-done
		go func() {
			l.Lock("cy")
			writers.Add()
			l.Unlock("cy")
			done <- true
		}()
		settle()
		exam.Equal(t, "times that cy got in", writers.Load(), 0, "ann has stopped to write but still reads, and cy comes to write")
		exam.Error(t, `Lock("ann")`, l.Lock("ann"), rlock.ErrUpgrade, "ann has stopped to write and only reads now")
		exam.Error(t, `RUnlock("ann")`, l.RUnlock("ann"), nil, "ann reads, and cy waits to write")
		<-done
	})
	interleave.Explore(t, func(t *testing.T) {
		l := rlock.NewSharedLock()
		var wrote, early exam.Count
		l.Lock("ann")
		l.RLock("ann")
		done := make(chan bool)
		go func() {
			l.Lock("cy")
			wrote.Add()
			l.Unlock("cy")
			done <- true
		}()
		settle()
		go func() {
			l.RLock("bob")
			if wrote.Load() == 0 {
				early.Add()
			}
			l.RUnlock("bob")
			done <- true
		}()
		settle()
		exam.Error(t, `Unlock("ann")`, l.Unlock("ann"), nil, "ann writes and reads, cy waits to write and bob to read")
		settle()
		exam.Equal(t, "times that bob got in before cy", early.Load(), 0, "ann has become a reader, cy waits to write and bob to read")
		exam.Error(t, `RUnlock("ann")`, l.RUnlock("ann"), nil, "ann reads, cy waits to write and bob to read")
		<-done
		<-done
		exam.Equal(t, "times that bob got in before cy", early.Load(), 0, "ann has let go, cy waited to write and bob to read")
	})
	stepByStep(t)
}

// TestSharedWriterIsAlone checks that nobody else is inside with a writer, and everybody who waits gets in.
//
//grade:todo 6.6
//grade:points 2
//grade:needs TestSharedCounts
func TestSharedWriterIsAlone(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		l := rlock.NewSharedLock()
		total := 0
		write := func(o rlock.Owner) func() {
			return func() {
				exam.Error(t, fmt.Sprintf("Lock(%q)", o), l.Lock(o), nil, "it holds nothing")
				total++
				l.RLock(o)
				l.Unlock(o)
				if total == 0 { // read, after the writing
					t.Errorf("total = 0 for %s, who has added 1", o)
				}
				l.RUnlock(o)
			}
		}
		var seen int
		exam.Together(write("ann"), write("bob"), func() {
			l.RLock("cy")
			seen = total
			l.RUnlock("cy")
		})
		exam.Equal(t, "total", total, 2, "ann and bob have each added 1 while they wrote")
		exam.OneOf(t, "total", seen, []int{0, 1, 2}, "as cy read it meanwhile")
	})
	for _, c := range []struct {
		to  string
		use func(l *rlock.SharedLock)
	}{
		{"read", func(l *rlock.SharedLock) { l.RLock("bob"); l.RUnlock("bob") }},
		{"write", func(l *rlock.SharedLock) { l.Lock("bob"); l.Unlock("bob") }},
	} {
		interleave.Explore(t, func(t *testing.T) {
			l := rlock.NewSharedLock()
			var in exam.Count
			l.Lock("ann")
			l.Lock("ann")
			l.RLock("ann")
			done := make(chan bool)
			go func() {
				c.use(l)
				in.Add()
				close(done)
			}()
			settle()
			exam.Error(t, `Unlock("ann")`, l.Unlock("ann"), nil, "ann writes twice and reads once, bob waits to "+c.to)
			settle()
			exam.Equal(t, "times that bob got in", in.Load(), 0, "ann writes once and reads once, bob waits to "+c.to)
			exam.Error(t, `RUnlock("ann")`, l.RUnlock("ann"), nil, "ann writes once and reads once, bob waits to "+c.to)
			settle()
			exam.Equal(t, "times that bob got in", in.Load(), 0, "ann writes once and reads no more, bob waits to "+c.to)
			exam.Error(t, `Unlock("ann")`, l.Unlock("ann"), nil, "ann writes once and reads no more, bob waits to "+c.to)
			<-done
		})
	}
	twoLocks(t, func() (func(rlock.Owner), func(rlock.Owner) error) {
		l := rlock.NewSharedLock()
		return func(o rlock.Owner) { l.Lock(o) }, l.Unlock
	})
}

// TestLocksAtFullSpeed checks that the locks and the tree hold when many goroutines use all cores.
//
//grade:todo 6.6
//grade:points 1
//grade:needs TestStrangerWhileLocked TestTryLockAtTheSameTime TestWith
//grade:needs TestFolderMadeOnce TestFolderLimit TestFolderSizeWhileOthersAdd TestWalkLetsVisitUseTheTree TestWalkIsOneMoment
//grade:needs TestWritersFirst TestSharedReadAgain TestSharedWritersFirst TestSharedUpgrade TestSharedDowngrade TestSharedWriterIsAlone
func TestLocksAtFullSpeed(t *testing.T) {
	const goroutines, rounds = 6, 100
	l, rw, shared := rlock.NewRLock(), rlock.NewRWLock(), rlock.NewSharedLock()
	root := rlock.NewTree(goroutines * rounds)
	var plain, written, twice int // each guarded by one of the locks
	var workers []func()
	for g := range goroutines {
		o := rlock.Owner(fmt.Sprint("owner ", g))
		workers = append(workers, func() {
			for i := range rounds {
				l.With(o, func() { l.With(o, func() { plain++ }) })
				rw.Lock()
				written++
				rw.Unlock()
				rw.RLock()
				if written == 0 {
					t.Error("written = 0 under RLock, after 1 was added under Lock")
				}
				rw.RUnlock()
				shared.Lock(o)
				twice++
				shared.RLock(o)
				shared.Unlock(o)
				shared.RLock(o)
				if twice == 0 {
					t.Error("twice = 0 for a writer who has become a reader, after it added 1")
				}
				shared.RUnlock(o)
				shared.RUnlock(o)
				folder := root.Folder(fmt.Sprint(i % 3))
				folder.Add(1)
				if i%20 == g {
					folder.MoveTo(root)
					root.Walk(func(string, int) { folder.Size() })
				}
			}
		})
	}
	exam.Within(t, "6 goroutines that lock, read, write and fill a tree", func() { exam.Together(workers...) })
	const want = goroutines * rounds
	exam.Equal(t, "plain", plain, want, "6 goroutines have added 1 in With, 100 times each")
	exam.Equal(t, "written", written, want, "6 goroutines have added 1 under an RWLock, 100 times each")
	exam.Equal(t, "twice", twice, want, "6 goroutines have added 1 under a SharedLock, 100 times each")
	exam.Equal(t, "root.Size()", root.Size(), want, "6 goroutines have added files of 1, 100 times each")
	exam.Equal(t, "root.Add(1)", root.Add(1) != nil, true, "the tree is just full")
}
