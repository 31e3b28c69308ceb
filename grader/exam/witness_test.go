package exam

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// recorder is a testing.TB that only remembers what it was told.
type recorder struct {
	testing.TB
	mu    sync.Mutex
	lines []string
	late  func() // if there is one, what happens before it is told the first thing
}

func (r *recorder) Helper() {
	if r.late != nil {
		r.late()
	}
}

func (r *recorder) Errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lines = append(r.lines, fmt.Sprintf(format, args...))
}

func (r *recorder) Fatalf(format string, args ...any) { r.Errorf(format, args...) }

func (r *recorder) said() string { return strings.Join(r.lines, "\n") }

func TestRendezvousOfAll(t *testing.T) {
	r := &recorder{}
	meeting := NewRendezvous(r, 3, "loads")
	Together(meeting.Meet, meeting.Meet, meeting.Meet)
	meeting.Meet() // whoever comes later need not wait
	if r.said() != "" {
		t.Errorf("three who met: %q, want nothing said", r.said())
	}
}

func TestRendezvousOneAfterTheOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &recorder{}
		meeting := NewRendezvous(r, 2, "loads")
		gate := make(chan struct{}, 1) // a lock that a bubble can see through
		one := func() {
			gate <- struct{}{}
			meeting.Meet()
			<-gate
		}
		Together(one, one)
		if want := "loads: 1 at the same time, want 2"; r.said() != want {
			t.Errorf("two who came one after the other: %q, want %q", r.said(), want)
		}
	})
}

func TestRendezvousComplainsOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &recorder{}
		meeting := NewRendezvous(r, 4, "loads")
		Together(meeting.Meet, meeting.Meet, meeting.Meet)
		if want := "loads: 3 at the same time, want 4"; r.said() != want {
			t.Errorf("three of four: %q, want %q", r.said(), want)
		}
	})
}

// Whoever comes when the others have given up has met nobody.
func TestRendezvousLatecomer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &recorder{}
		meeting := NewRendezvous(r, 2, "loads")
		r.late = meeting.Meet
		meeting.Meet()
		if want := "loads: 1 at the same time, want 2"; r.said() != want {
			t.Errorf("one, and one who came too late: %q, want %q", r.said(), want)
		}
	})
}

func TestPeak(t *testing.T) {
	var p Peak
	meeting := NewRendezvous(t, 3, "callers")
	inside := func() {
		p.Enter()
		defer p.Leave()
		meeting.Meet()
	}
	Together(inside, inside, inside)
	p.Enter()
	p.Leave()
	if p.Most() != 3 {
		t.Errorf("Most() = %d, want 3", p.Most())
	}
}

func TestCount(t *testing.T) {
	var c Count
	Together(func() { c.Add() }, func() { c.Add() })
	if n := c.Add(); n != 3 || c.Load() != 3 {
		t.Errorf("third Add() = %d, Load() = %d, want 3 and 3", n, c.Load())
	}
}

func TestWithin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &recorder{}
		Within(r, "nothing", func() {})
		if r.said() != "" {
			t.Errorf("a function that returns: %q, want nothing said", r.said())
		}
		stay := make(chan struct{})
		Within(r, "a wait", func() { <-stay })
		if want := "a wait: not done after 10s\n"; !strings.HasPrefix(r.said(), want) {
			t.Errorf("a function that hangs: %q, want it to begin with %q", r.said(), want)
		}
		close(stay)
	})
}

// TestWithinOfABusyProcess checks that one that is slow, and not stuck, has all the time it needs.
func TestWithinOfABusyProcess(t *testing.T) {
	real := spent
	defer func() { spent = real }()
	var used time.Duration
	spent = func() time.Duration {
		used += 2 * time.Millisecond
		return used
	}
	synctest.Test(t, func(t *testing.T) {
		r := &recorder{}
		Within(r, "a slow one", func() { time.Sleep(5 * Patience) })
		if r.said() != "" {
			t.Errorf("a function that computes for long: %q, want nothing said", r.said())
		}
	})
	for start := real(); runtime.GOOS != "windows" && real() == start; { // a loop that ends if time is measured
	}
}

func TestWaiting(t *testing.T) {
	const dump = `goroutine 1 [chan receive, 2 minutes]:
testing.(*T).Run(0xc000, {0x1, 0x2})
	/go/src/testing/testing.go:100 +0x1

goroutine 7 [sync.Mutex.Lock]:
internal/sync.runtime_SemacquireMutex(0x1)
	/go/src/runtime/sema.go:95 +0x25
lockstep/chapters/05-lock.Transfer(0xc0001, 0xc0002, 0x5)
	/course/chapters/05-lock/lock.go:71 +0x6b
lockstep/chapters/05-lock/hidden.TestX.func1()
	/course/chapters/05-lock/hidden/bank_test.go:20 +0x6b
created by lockstep/chapters/05-lock/hidden.TestX in goroutine 6
	/course/chapters/05-lock/hidden/bank_test.go:18 +0x6b

goroutine 8 [sync.Mutex.Lock]:
lockstep/chapters/05-lock.Transfer(0xc0001, 0xc0002, 0x5)
	/course/chapters/05-lock/lock.go:71 +0x6b

goroutine 9 [chan send]:
lockstep/chapters/05-lock.(*Cache[...]).Get(...)
	/course/chapters/05-lock/lock.go:90 +0x6b`
	const want = "sync.Mutex.Lock: Transfer at lock.go:71 (2 goroutines)\nchan send: (*Cache[...]).Get at lock.go:90"
	if got := waiting(dump); got != want {
		t.Errorf("waiting(...) = %q, want %q", got, want)
	}
}

func TestWant(t *testing.T) {
	wrapped := fmt.Errorf("wrapped: %w", os.ErrClosed)
	for _, c := range []struct {
		say  func(t testing.TB)
		want string
	}{
		{func(t testing.TB) { Equal(t, "Balance()", 5, 5, "at first") }, ""},
		{func(t testing.TB) { Equal(t, "Balance()", 5, 6, "at first") }, "Balance() = 5, want 6: at first"},
		{func(t testing.TB) { Equal(t, "Get()", "", "x", "at first") }, `Get() = "", want "x": at first`},
		{func(t testing.TB) { OneOf(t, "Len()", 2, []int{1, 2, 3}, "then") }, ""},
		{func(t testing.TB) { OneOf(t, "Len()", 4, []int{1, 2, 3}, "then") }, "Len() = 4, want 1, 2 or 3: then"},
		{func(t testing.TB) { Error(t, "Put()", nil, nil, "then") }, ""},
		{func(t testing.TB) { Error(t, "Put()", wrapped, os.ErrClosed, "then") }, ""},
		{func(t testing.TB) { Error(t, "Put()", nil, os.ErrClosed, "then") }, `Put() = no error, want error "file already closed": then`},
		{func(t testing.TB) { Error(t, "Put()", os.ErrClosed, nil, "then") }, `Put() = error "file already closed", want no error: then`},
		{func(t testing.TB) { SameError(t, "Wait()", os.ErrClosed, os.ErrClosed, "then") }, ""},
		{func(t testing.TB) { SameError(t, "Wait()", nil, nil, "then") }, ""},
		{func(t testing.TB) { SameError(t, "Wait()", wrapped, os.ErrClosed, "then") }, `Wait() = error "wrapped: file already closed" (*fmt.wrapError), want the very error "file already closed" (*errors.errorString), not one that wraps it: then`},
		{func(t testing.TB) { SameError(t, "Wait()", nil, os.ErrClosed, "then") }, `Wait() = no error, want error "file already closed": then`},
	} {
		r := &recorder{}
		if c.say(r); r.said() != c.want {
			t.Errorf("said %q, want %q", r.said(), c.want)
		}
	}
}

// all claims to be any error.
type all struct{}

func (all) Error() string { return "all" }
func (all) Is(error) bool { return true }

func TestErrorsThatExcludeEachOther(t *testing.T) {
	before := sentinels
	defer func() { sentinels = before }()
	same := errors.New("same")
	sentinels = append(sentinels, []error{os.ErrExist, os.ErrNotExist}, []error{same, same})
	const (
		exist    = `error "file already exists"`
		notExist = `error "file does not exist"`
		both     = `error "file already exists\nfile does not exist"`
	)
	for _, c := range []struct {
		got, want error
		said      string
	}{
		{os.ErrExist, os.ErrExist, ""},
		{fmt.Errorf("%w: %w", os.ErrNotExist, io.EOF), os.ErrNotExist, ""},
		{fmt.Errorf("%w: %w", os.ErrNotExist, context.Canceled), os.ErrNotExist, ""}, // of two sets
		{fmt.Errorf("%w: %w", os.ErrNotExist, context.Canceled), context.Canceled, ""},
		{errors.Join(io.EOF, io.ErrUnexpectedEOF), io.EOF, ""},
		{errors.Join(os.ErrExist, os.ErrNotExist), os.ErrExist, "f() = " + both + ", which is " + notExist + " as well (errors.Is), want " + exist + " alone: then"},
		{errors.Join(os.ErrExist, os.ErrNotExist), os.ErrNotExist, "f() = " + both + ", which is " + exist + " as well (errors.Is), want " + notExist + " alone: then"},
		{os.ErrExist, os.ErrNotExist, "f() = " + exist + ", want " + notExist + ": then"},
		{nil, os.ErrExist, "f() = no error, want " + exist + ": then"},
		{all{}, os.ErrExist, `f() = error "all", which is ` + notExist + " as well (errors.Is), want " + exist + " alone: then"},
		{errors.Join(context.Canceled, context.DeadlineExceeded), context.Canceled, `f() = error "context canceled\ncontext deadline exceeded", which is error "context deadline exceeded" as well (errors.Is), want error "context canceled" alone: then`},
		{same, same, `f() = error "same", which is error "same" as well (errors.Is), want error "same" alone: then`},
	} {
		r := &recorder{}
		if ok := Error(r, "f()", c.got, c.want, "then"); r.said() != c.said || ok != (c.said == "") {
			t.Errorf("%v, want %v: %t, said %q, want %q", c.got, c.want, ok, r.said(), c.said)
		}
	}
	r, together := &recorder{}, errors.Join(os.ErrExist, os.ErrNotExist)
	if Error(r, "f()", together, together, "then"); r.said() != "" {
		t.Errorf("both, and both are wanted: %q, want nothing said", r.said())
	}
}
