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

// TestReadersShare checks that readers hold an RWLock together.
//
//grade:todo 6.5
//grade:points 1
func TestReadersShare(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		l := rlock.NewRWLock()
		all := exam.NewRendezvous(t, 3, "readers who hold the lock")
		read := func() {
			l.RLock()
			all.Meet()
			exam.Error(t, "RUnlock()", l.RUnlock(), nil, "after RLock()")
		}
		exam.Together(read, read, read)
	}, crowd...)
	interleave.Explore(t, func(t *testing.T) {
		l := rlock.NewRWLock()
		var writers exam.Count
		for range many {
			l.RLock()
		}
		done := make(chan bool)
		go func() {
			l.Lock()
			writers.Add()
			l.Unlock()
			close(done)
		}()
		runtime.Gosched()
		exam.Equal(t, "writers who got in", writers.Load(), 0, "256 readers hold the lock")
		for i := range many {
			if !exam.Error(t, "RUnlock()", l.RUnlock(), nil, fmt.Sprintf("256 readers held the lock, and %d have let it go", i)) {
				return
			}
		}
		<-done
	}, few...)
}

// TestRWLockErrors checks that RUnlock and Unlock are refused, and do nothing, if nobody holds the lock in that way.
//
//grade:todo 6.5
//grade:points 1
func TestRWLockErrors(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		l := rlock.NewRWLock()
		exam.Error(t, "RUnlock()", l.RUnlock(), rlock.ErrNotLocked, "nobody holds the lock")
		exam.Error(t, "Unlock()", l.Unlock(), rlock.ErrNotLocked, "nobody holds the lock")
		l.RLock()
		exam.Error(t, "Unlock()", l.Unlock(), rlock.ErrNotLocked, "a reader holds the lock")
		l.RLock()
		exam.Error(t, "RUnlock()", l.RUnlock(), nil, "two readers hold the lock")
		exam.Error(t, "RUnlock()", l.RUnlock(), nil, "a reader holds the lock")
		exam.Error(t, "RUnlock()", l.RUnlock(), rlock.ErrNotLocked, "both readers have let it go")
		l.Lock()
		other := rlock.NewRWLock()
		exam.Error(t, "other.Unlock()", other.Unlock(), rlock.ErrNotLocked, "a writer holds another lock")
		other.RLock()
		exam.Error(t, "RUnlock()", l.RUnlock(), rlock.ErrNotLocked, "a writer holds the lock, and a reader another one")
		exam.Error(t, "other.RUnlock()", other.RUnlock(), nil, "a reader holds this lock, and a writer another one")
		exam.Error(t, "RUnlock()", l.RUnlock(), rlock.ErrNotLocked, "a writer holds the lock")
		exam.Error(t, "Unlock()", l.Unlock(), nil, "a writer holds the lock")
		exam.Error(t, "Unlock()", l.Unlock(), rlock.ErrNotLocked, "the writer has let it go")
		l.RLock()
		exam.Error(t, "RUnlock()", l.RUnlock(), nil, "a reader holds the lock")
		l.Lock()
		exam.Error(t, "Unlock()", l.Unlock(), nil, "a writer holds the lock")
	})
	for _, q := range []queue{{"r", "w"}, {"rr", "w"}, {"r", "ww"}, {"w", "r"}, {"w", "w"}, {"w", "rr"}} {
		interleave.Explore(t, func(t *testing.T) {
			l := plain{rlock.NewRWLock()}
			q.run(t, l, func(when string) {
				if q.inside[0] == 'w' {
					exam.Error(t, "RUnlock()", l.RUnlock(""), rlock.ErrNotLocked, when)
				} else {
					exam.Error(t, "Unlock()", l.Unlock(""), rlock.ErrNotLocked, when)
				}
			})
		}, some...)
	}
	for _, c := range []struct {
		lock, call string
		take       func(l *rlock.RWLock)
		back       func(l *rlock.RWLock) error
	}{
		{"RLock()", "RUnlock()", (*rlock.RWLock).RLock, (*rlock.RWLock).RUnlock},
		{"Lock()", "Unlock()", (*rlock.RWLock).Lock, (*rlock.RWLock).Unlock},
	} {
		interleave.Explore(t, func(t *testing.T) {
			l := rlock.NewRWLock()
			c.take(l)
			var errs [2]error
			exam.Together(
				func() { errs[0] = c.back(l) },
				func() { errs[1] = c.back(l) },
			)
			if errs[0] != nil {
				errs[0], errs[1] = errs[1], errs[0]
			}
			when := "two call it at the same time after one " + c.lock
			exam.Error(t, c.call+", of the one", errs[0], nil, when)
			exam.Error(t, c.call+", of the other", errs[1], rlock.ErrNotLocked, when)
		})
	}
}

// TestWriterIsAlone checks that nobody else is inside with a writer, and everybody who waits gets in.
//
//grade:todo 6.5
//grade:points 2
//grade:needs TestRWLockErrors
func TestWriterIsAlone(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		l := rlock.NewRWLock()
		a, b := 0, 0
		write := func() {
			l.Lock()
			a++
			b++
			l.Unlock()
		}
		read := func() {
			l.RLock()
			if a != b {
				t.Errorf("a = %d and b = %d inside RLock, want them equal: a writer adds 1 to both", a, b)
			}
			l.RUnlock()
		}
		exam.Together(write, write, read, read)
		exam.Equal(t, "a", a, 2, "two writers have each added 1 with the lock held")
	}, crowd...)
	twoLocks(t, func() (func(rlock.Owner), func(rlock.Owner) error) {
		l := plain{rlock.NewRWLock()}
		return func(o rlock.Owner) { l.Lock(o) }, l.Unlock
	})
}

// TestWritersFirst checks that readers wait behind writers who wait, and get in after them.
//
//grade:todo 6.5
//grade:points 3
//grade:needs TestReadersShare TestWriterIsAlone
func TestWritersFirst(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		l := rlock.NewRWLock()
		var writers, early exam.Count
		write := func() {
			l.Lock()
			writers.Add()
			l.Unlock()
		}
		l.RLock()
		go write()
		settle()
		reading := make(chan bool)
		go func() {
			l.RLock()
			if writers.Load() == 0 {
				early.Add()
			}
			l.RUnlock()
			close(reading)
		}()
		settle()
		exam.Equal(t, "readers who got in", early.Load(), 0, "a reader holds the lock, a writer waits, and then a second reader comes")
		exam.Error(t, "RUnlock()", l.RUnlock(), nil, "a reader holds the lock, a writer and a second reader wait")
		<-reading
		exam.Equal(t, "readers who got in", early.Load(), 0, "before the writer who waited when they came")
	})
	interleave.Explore(t, func(t *testing.T) {
		l := rlock.NewRWLock()
		both := exam.NewRendezvous(t, 2, "readers who waited for a writer")
		var writers exam.Count
		var before [2]int
		read := func(i int) func() {
			return func() {
				l.RLock()
				before[i] = writers.Load()
				both.Meet()
				l.RUnlock()
			}
		}
		write := func() {
			l.Lock()
			writers.Add()
			l.Unlock()
		}
		l.Lock()
		exam.Together(read(0), read(1), func() {
			settle()
			exam.Together(write, write, func() {
				settle()
				exam.Error(t, "Unlock()", l.Unlock(), nil, "a writer holds the lock, two more and two readers wait")
			})
		})
		exam.Equal(t, "writers who came before each reader", before, [2]int{2, 2}, "a writer let go while two readers and two more writers waited: all writers go first")
	}, crowd...)
	writersFirst(t, func() rw { return plain{rlock.NewRWLock()} })
}
