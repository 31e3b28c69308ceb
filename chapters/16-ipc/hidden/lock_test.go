//go:build grade

package hidden

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	ipc "lockstep/chapters/16-ipc"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// TestTryLock checks that a FileLock is one lock for all who open its file, and never waits in TryLock.
//
//grade:todo 16.3
//grade:points 2
func TestTryLock(t *testing.T) {
	begin(t, locksClosed)
	path := filepath.Join(t.TempDir(), "lock")
	must(t, "writing a file", os.WriteFile(path, []byte("keep this"), 0o600))
	before, _ := os.Stat(path)
	first, second, other := openLock(t, path), openLock(t, path), openLock(t, path+".other")
	try := func(name string, l *ipc.FileLock, want bool, when string) {
		t.Helper()
		var got bool
		var err error
		exam.Within(t, name+".TryLock()", func() { got, err = l.TryLock() })
		exam.Error(t, name+".TryLock()", err, nil, when)
		if !exam.Equal(t, name+".TryLock()", got, want, when) {
			t.FailNow()
		}
	}
	lock := func(name string, l *ipc.FileLock) {
		t.Helper()
		var err error
		exam.Within(t, name+".Lock()", func() { err = l.Lock() })
		exam.Error(t, name+".Lock()", err, nil, "the lock is free")
		exam.Equal(t, "flock(2) finds the file locked", held(path), true, "after "+name+".Lock()")
	}
	unlock := func(name string, l *ipc.FileLock) {
		t.Helper()
		exam.Error(t, name+".Unlock()", l.Unlock(), nil, "it holds the lock")
	}

	lock("first", first)
	try("second", second, false, "first holds the lock of the same file")
	try("first", first, false, "another goroutine holds it")
	try("other", other, true, "nobody holds the lock of that file")
	unlock("other", other)
	unlock("first", first)
	exam.Equal(t, "flock(2) finds the file locked", held(path), false, "after Unlock()")
	stays := func(when string) {
		t.Helper()
		if after, err := os.Stat(path); err != nil || !os.SameFile(before, after) {
			t.Fatalf("the lock's file is gone or another one (%v), %s: who has it open and who opens it now have two locks", err, when)
		}
	}
	stays("after Unlock()")

	try("second", second, true, "nobody holds the lock any more")
	exam.Equal(t, "flock(2) finds the file locked", held(path), true, "after second.TryLock() = true")
	try("first", first, false, "second holds it")
	third := openLock(t, path)
	try("third", third, false, "second holds it; third was opened later")
	unlock("second", second)

	release := hold(t, path)
	try("first", first, false, "another program has locked the file with flock(2)")
	release()
	lock("first", first)
	unlock("first", first)
	lock("third", third)
	unlock("third", third)

	text, _ := os.ReadFile(path)
	exam.Equal(t, "what is in the lock's file", string(text), "keep this", "after many Locks and Unlocks")

	must(t, "Close()", third.Close())
	stays("after Close()")
	openLock(t, path) // whose file may well get the number that third's had
	for range 2 {
		exam.Within(t, "Lock() after Close()", func() { fails(t, "Lock()", third.Lock(), "after Close()") })
		got, err := third.TryLock()
		fails(t, "TryLock()", err, "after Close()")
		exam.Equal(t, "TryLock()", got, false, "after Close()")
	}
	_, err := ipc.OpenLock(filepath.Join(path, "lock"))
	fails(t, "OpenLock(path)", err, "path cannot be a file there")
}

// TestLockInside checks that one FileLock keeps goroutines apart, and other programs out as long as one is inside.
//
//grade:todo 16.3
//grade:points 2
//grade:needs TestTryLock
func TestLockInside(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	interleave.Explore(t, func(t *testing.T) {
		l, err := ipc.OpenLock(path)
		must(t, "OpenLock(path)", err)
		defer l.Close()
		var inside exam.Peak
		var without exam.Count
		work := func() {
			l.Lock()
			inside.Enter()
			runtime.Gosched()
			if !held(path) {
				without.Add()
			}
			inside.Leave()
			l.Unlock()
		}
		exam.Together(work, work)
		exam.Equal(t, "goroutines inside at the same time", inside.Most(), 1, "two use the same FileLock")
		exam.Equal(t, "times that flock(2) finds the file not locked, and a goroutine is inside", without.Load(), 0, "two use the same FileLock")
		exam.Equal(t, "flock(2) finds the file locked", held(path), false, "everybody has let go of it")
	})
}

// TestLockWaits checks that Lock waits for whoever holds the lock, and then has it: a program, a FileLock or a goroutine.
//
//grade:todo 16.3
//grade:points 2
//grade:needs TestLockInside
func TestLockWaits(t *testing.T) {
	begin(t, locksClosed)
	path := filepath.Join(t.TempDir(), "lock")
	mine, yours := openLock(t, path), openLock(t, path)
	for _, c := range []struct {
		who  string
		hold func() (release func())
	}{
		{"another program", func() func() { return hold(t, path) }},
		{"another FileLock", func() func() { yours.Lock(); return func() { yours.Unlock() } }},
		{"another goroutine", func() func() { mine.Lock(); return func() { mine.Unlock() } }},
	} {
		for range 3 {
			release := c.hold()
			var err error
			waiting, done := waits(func() { err = mine.Lock() })
			if !waiting {
				t.Fatalf("Lock() = %v at once, want it to wait: %s holds the lock", err, c.who)
			}
			tryWhile(t, mine, c.who+" holds the lock, and a goroutine waits in Lock() of this FileLock", func() {
				release()
				<-done
				mine.Unlock()
			})
			release()
			exam.Within(t, fmt.Sprintf("Lock() when %s has let go of the lock", c.who), func() { <-done })
			exam.Error(t, "Lock()", err, nil, c.who+" has let go of the lock")
			exam.Equal(t, "flock(2) finds the file locked", held(path), true, "after a Lock() that had to wait for "+c.who)
			exam.Error(t, "Unlock()", mine.Unlock(), nil, "it holds the lock")
		}
	}
	exam.Equal(t, "flock(2) finds the file locked", held(path), false, "everybody has let go of it")
}

// tryWhile checks that TryLock returns false at once, where another holds the lock. If it waits, free
// lets it go, so that nobody uses the FileLock any more when the check ends.
func tryWhile(t *testing.T, l *ipc.FileLock, when string, free func()) {
	t.Helper()
	var got bool
	var err error
	ended, waits := make(chan struct{}), true
	defer func() {
		if waits {
			free()
			<-ended
		}
	}()
	exam.Within(t, "TryLock(), which does not wait: "+when, func() {
		defer close(ended)
		got, err = l.TryLock()
	})
	waits = false
	exam.Error(t, "TryLock()", err, nil, when)
	exam.Equal(t, "TryLock()", got, false, when)
}

// TestLockOrders checks that one FileLock orders what goroutines do, as a mutex does, and that several keep each other out.
//
//grade:todo 16.3
//grade:points 2
//grade:needs TestLockWaits
func TestLockOrders(t *testing.T) {
	begin(t, locksClosed)
	path := filepath.Join(t.TempDir(), "lock")
	const goroutines, times = 4, 50
	l := openLock(t, path)
	n, without := 0, 0
	exam.Within(t, "Lock, n++ and Unlock in four goroutines", func() {
		work := func() {
			for i := range times {
				if i%5 > 0 {
					exam.Error(t, "Lock()", l.Lock(), nil, "four goroutines use the same FileLock")
				} else {
					for got := false; !got; {
						got, _ = l.TryLock()
					}
				}
				n++
				if !held(path) {
					without++
				}
				exam.Error(t, "Unlock()", l.Unlock(), nil, "four goroutines use the same FileLock")
			}
		}
		exam.Together(work, work, work, work)
	})
	exam.Equal(t, "n", n, goroutines*times, "after so many n++ with the lock held")
	exam.Equal(t, "times that flock(2) finds the file not locked, and a goroutine is inside", without, 0, "four goroutines use the same FileLock")

	locks := []*ipc.FileLock{openLock(t, path), openLock(t, path), l, l}
	var inside exam.Peak
	exam.Within(t, "Lock and Unlock of three FileLocks in four goroutines", func() {
		var work []func()
		for _, l := range locks {
			work = append(work, func() {
				for range times {
					l.Lock()
					inside.Enter()
					inside.Leave()
					l.Unlock()
				}
			})
		}
		exam.Together(work...)
	})
	exam.Equal(t, "goroutines inside at the same time", inside.Most(), 1, "three FileLocks of one file")
}

// holdLock takes the lock, and then has a child of its own, which knows nothing of it.
func holdLock(args []string) error {
	l, err := ipc.OpenLock(args[0])
	if err != nil {
		return err
	}
	if err := l.Lock(); err != nil {
		return err
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), roleVar+"=sleep")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	return cmd.Run()
}

// TestLockOfTheDead checks that the lock of a process that was killed is free, even if a child of it lives on.
//
//grade:todo 16.3
//grade:points 2
//grade:needs TestLockWaits
func TestLockOfTheDead(t *testing.T) {
	begin(t, locksClosed)
	path := filepath.Join(t.TempDir(), "lock")
	holder := spawn(t, nil, "hold", path)
	holder.hear("awake") // says its child
	l := openLock(t, path)
	got, err := l.TryLock()
	exam.Error(t, "TryLock()", err, nil, "another process holds the lock")
	if !exam.Equal(t, "TryLock()", got, false, "another process holds the lock") {
		return
	}
	waiting, done := waits(func() { err = l.Lock() })
	exam.Equal(t, "Lock() waits", waiting, true, "another process holds the lock")
	holder.kill()
	exam.Within(t, "Lock() when the process that held the lock was killed, and a child of it lives on", func() { <-done })
	exam.Error(t, "Lock()", err, nil, "the process that held the lock was killed")
	exam.Error(t, "Unlock()", l.Unlock(), nil, "it holds the lock")

	holder.in.Close() // which ends the child's child, and with it the last copy of the output
	if line, err := holder.says(); line != "" || os.IsTimeout(err) {
		t.Errorf("the child of the dead process says %q, %v", line, err)
	}
}
