//go:build grade

package hidden

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"runtime"
	"testing"
	"time"

	goroutine "lockstep/chapters/03-goroutine"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// seven is a target that returns 7.
func seven() (int, error) { return 7, nil }

// joined fails the test unless th.Join() returns result and an error that is err.
func joined(t *testing.T, th *goroutine.Thread[int], result int, err error, when string) {
	t.Helper()
	gotResult, gotErr := th.Join()
	exam.Error(t, "Join()", gotErr, err, when)
	exam.Equal(t, "Join()", gotResult, result, when)
}

// TestThreadName checks that a thread has the name it was given, or one of its own.
//
//grade:todo 3.3
//grade:points 1
func TestThreadName(t *testing.T) {
	unnamed := regexp.MustCompile(`^Thread-[0-9]+$`)
	one, other := goroutine.New("", seven).Name(), goroutine.New("", func() (string, error) { return "", nil }).Name()
	if one == other {
		t.Errorf(`Name() = %q, twice, want two names: of two New("", ...), of threads whose results have different types`, one)
	}
	for _, name := range []string{"reader", "reader", " ", "100%d", "Thread-", "Thread-1", "a\x00b", "reader\n"} {
		th := goroutine.New(name, seven)
		exam.Equal(t, "Name()", th.Name(), name, fmt.Sprintf("of New(%q, ...)", name))
	}
	many := func(threads int) {
		numbers := map[string]bool{}
		for range threads {
			numbers[goroutine.New("", seven).Name()] = true
		}
		exam.Equal(t, "different names", len(numbers), threads, fmt.Sprintf(`of %d calls of New("", ...)`, threads))
	}
	many(hundreds)

	interleave.Explore(t, func(t *testing.T) {
		th := goroutine.New("reader", seven)
		exam.Equal(t, "Name()", th.Name(), "reader", `of New("reader", ...)`)
		th = goroutine.New("", seven)
		var one, other string
		exam.Together(
			func() { one = th.Name() },
			func() { other = th.Name() },
		)
		exam.Equal(t, "Name()", other, one, `asked by two goroutines at the same time, of one New("", ...)`)
	})
	interleave.Explore(t, func(t *testing.T) {
		var a, b, c string
		exam.Together(
			func() { a = goroutine.New("", seven).Name() },
			func() { b = goroutine.New("", seven).Name(); c = goroutine.New("", seven).Name() },
		)
		for _, name := range []string{a, b, c} {
			if !unnamed.MatchString(name) {
				t.Errorf(`Name() = %q, want "Thread-" and a number: of New("", ...)`, name)
			}
		}
		if a == b || b == c || c == a {
			t.Errorf(`Name() = %q, %q and %q, want three names: of three New("", ...) by two goroutines at the same time`, a, b, c)
		}
	})
	if !t.Failed() { // a New that leaves goroutines behind could leave too many
		many(1<<16 + 1)
	}
}

// TestJoin checks that Join returns what the thread's function returned, as often as it is asked.
//
//grade:todo 3.3
//grade:points 1
func TestJoin(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		th := goroutine.New("seven", seven)
		exam.Error(t, "Start()", th.Start(), nil, "of a new thread")
		joined(t, th, 7, nil, "target returned 7 and no error")
		joined(t, th, 7, nil, "asked a second time")
		th = goroutine.New("eof", func() (int, error) { return 3, io.EOF })
		th.Start()
		joined(t, th, 3, io.EOF, "target returned 3 and io.EOF")
		joined(t, th, 3, io.EOF, "asked a second time")
	})
}

// TestJoinAnything checks that Join takes nothing that target returns for something else.
//
//grade:todo 3.3
//grade:points 1
//grade:needs TestJoin
func TestJoinAnything(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		for _, c := range []struct {
			result any
			err    error
		}{
			{nil, nil},
			{nil, io.EOF},
			{5, goroutine.ErrExited},
			{5, fmt.Errorf("helper: %w", goroutine.ErrExited)},
			{5, errors.Join(io.EOF, goroutine.ErrNotStarted)},
			{5, goroutine.ErrNotStarted},
			{5, goroutine.ErrStarted},
			{5, &goroutine.PanicError{Value: "of another thread"}},
			{goroutine.ErrExited, nil},
			{&goroutine.PanicError{Value: "a result"}, nil},
		} {
			th := goroutine.New("any", func() (any, error) { return c.result, c.err })
			th.Start()
			for range 2 {
				if result, err := th.Join(); result != c.result || err != c.err {
					t.Errorf("Join() = %v, %v (%T), want %v, %v (%T) itself: that is what target returned", result, err, err, c.result, c.err, c.err)
				}
			}
		}
	}, few...)
}

// TestNothingBeforeStart checks that a thread does nothing, and is not waited for, before Start.
//
//grade:todo 3.3
//grade:points 1
func TestNothingBeforeStart(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		var runs exam.Count
		th := goroutine.New("early", func() (int, error) {
			runs.Add()
			return 7, nil
		})
		time.Sleep(time.Millisecond)
		exam.Equal(t, "runs of target", runs.Load(), 0, "before Start")
		joined(t, th, 0, goroutine.ErrNotStarted, "before Start")
		exam.Equal(t, "Alive()", th.Alive(), false, "before Start")
		exam.Error(t, "Start()", th.Start(), nil, "after a Join that came too early")
		joined(t, th, 7, nil, "after Start, and after a Join that came too early")
	})
}

// TestStartDoesNotWait checks that Start returns while the thread runs.
//
//grade:todo 3.3
//grade:points 1
//grade:needs TestJoin
func TestStartDoesNotWait(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		both := exam.NewRendezvous(t, 2, "target and whoever has come back from Start")
		th := goroutine.New("slow", func() (int, error) {
			both.Meet()
			return 7, nil
		})
		th.Start()
		both.Meet()
		joined(t, th, 7, nil, "after Start and the end of target")
	})
}

// TestStartTwice checks that a thread can be started only once, by however many at the same time.
//
//grade:todo 3.3
//grade:points 2
//grade:needs TestJoin
func TestStartTwice(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		var runs exam.Count
		th := goroutine.New("once", func() (int, error) { return runs.Add(), nil })
		var first, second error
		exam.Together(
			func() { first = th.Start() },
			func() { second = th.Start() },
		)
		if first != nil {
			first, second = second, first
		}
		exam.Error(t, "Start()", first, nil, "one of two at the same time")
		exam.Error(t, "Start()", second, goroutine.ErrStarted, "the other of two at the same time")
		joined(t, th, 1, nil, "after two Starts at the same time; target returns how often it has run")
		exam.Error(t, "Start()", th.Start(), goroutine.ErrStarted, "when the thread has ended")
		time.Sleep(time.Millisecond)
		exam.Equal(t, "runs of target", runs.Load(), 1, "after three Starts")
	})
}

// TestJoinWaits checks that Join waits for the end, for everybody who joins.
//
//grade:todo 3.3
//grade:points 2
//grade:needs TestJoin
func TestJoinWaits(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		written := ""
		th := goroutine.New("writer", func() (int, error) {
			runtime.Gosched()
			written = "by target"
			return 7, nil
		})
		th.Start()
		join := func() {
			result, err := th.Join()
			seen := written // a race if Join does not wait
			exam.Error(t, "Join()", err, nil, "one of two joiners")
			exam.Equal(t, "Join()", result, 7, "one of two joiners")
			exam.Equal(t, "what target wrote", seen, "by target", "when Join has returned")
		}
		exam.Together(join, join)
		join()
	})
	interleave.Explore(t, func(t *testing.T) {
		both := exam.NewRendezvous(t, 2, "targets of two threads, one of which joins the other")
		inner := goroutine.New("inner", func() (int, error) {
			both.Meet()
			return 7, nil
		})
		outer := goroutine.New("outer", func() (int, error) {
			inner.Start()
			both.Meet()
			return inner.Join()
		})
		outer.Start()
		joined(t, outer, 7, nil, "target starts another thread and returns what the Join of that one returns, 7")
	})
	interleave.Explore(t, func(t *testing.T) {
		gate := make(chan struct{})
		th := goroutine.New("awaited", func() (int, error) {
			<-gate
			return 7, nil
		})
		th.Start()
		joins := []func(){func() { close(gate) }}
		for range 105 {
			joins = append(joins, func() { joined(t, th, 7, nil, "one of 105 joiners") })
		}
		exam.Together(joins...)
	}, few...)
	interleave.Explore(t, func(t *testing.T) {
		th := goroutine.New("popular", seven)
		th.Start()
		for range 300 {
			joined(t, th, 7, nil, "asked 300 times")
		}
	}, few...)
	interleave.Explore(t, func(t *testing.T) {
		th := goroutine.New("slow", func() (int, error) { runtime.Gosched(); return 7, nil })
		th.Start()
		joined(t, th, 7, nil, "target takes days and returns 7")
	}, interleave.DaysMayPass())
}

// TestJoinWhileStarting checks that a Join beside Start is either too early or waits for the result.
//
//grade:todo 3.3
//grade:points 1
//grade:needs TestJoin TestNothingBeforeStart
func TestJoinWhileStarting(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		th := goroutine.New("seven", seven)
		var result int
		var started, err error
		exam.Together(
			func() { started = th.Start() },
			func() { result, err = th.Join() },
			func() { th.Alive() },
		)
		exam.Error(t, "Start()", started, nil, "the only one, while others call Join and Alive")
		if errors.Is(err, goroutine.ErrNotStarted) {
			exam.Equal(t, "Join()", result, 0, "with ErrNotStarted, while another goroutine calls Start")
		} else {
			exam.Error(t, "Join()", err, nil, "while another goroutine calls Start")
			exam.Equal(t, "Join()", result, 7, "while another goroutine calls Start")
		}
		joined(t, th, 7, nil, "after Start")
	})
}

// TestNobodyJoins checks that a thread that nobody joins runs, ends and leaves nothing behind.
//
//grade:todo 3.3
//grade:points 1
//grade:needs TestJoin
func TestNobodyJoins(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		both := exam.NewRendezvous(t, 2, "target and the one that started it")
		for range 2 {
			goroutine.New("alone", seven).Start()
		}
		goroutine.New("not even started", seven)
		goroutine.New("alone", func() (int, error) {
			both.Meet()
			return 0, io.EOF
		}).Start()
		both.Meet()
	})
}
