//go:build grade

package hidden

import (
	"bytes"
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
	interleave.Explore(t, func(t *testing.T) {
		th := goroutine.New("reader", seven)
		exam.Equal(t, "Name()", th.Name(), "reader", `of New("reader", ...)`)
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
	})
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
		var err error
		exam.Together(
			func() { th.Start() },
			func() { result, err = th.Join() },
			func() { th.Alive() },
		)
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

// TestAlive checks that Alive is true while the thread runs, and only then.
//
//grade:todo 3.3
//grade:points 1
//grade:needs TestJoin
func TestAlive(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		var th *goroutine.Thread[int]
		var asked bool
		gate := make(chan struct{})
		th = goroutine.New("alive", func() (int, error) {
			<-gate
			asked = th.Alive()
			return 7, nil
		})
		exam.Equal(t, "Alive()", th.Alive(), false, "before Start")
		th.Start()
		exam.Equal(t, "Alive()", th.Alive(), true, "when Start has returned and target waits")
		close(gate)
		th.Join()
		exam.Equal(t, "Alive()", asked, true, "when target itself asks")
		exam.Equal(t, "Alive()", th.Alive(), false, "when Join has returned")
	})
}

// TestAliveAndTheEnd checks that Alive is not false before the end, nor true after a Join.
//
//grade:todo 3.3
//grade:points 2
//grade:needs TestAlive
func TestAliveAndTheEnd(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		written := 0
		th := goroutine.New("writer", func() (int, error) {
			written = 1
			runtime.Gosched()
			written = 2
			return 7, nil
		})
		th.Start()
		var afterJoin bool
		seen := 2
		exam.Together(
			func() {
				if !th.Alive() {
					seen = written // a race if the thread has not ended
				}
			},
			func() {
				th.Join()
				afterJoin = th.Alive()
			},
		)
		exam.Equal(t, "what target wrote", seen, 2, "when Alive has become false, the last thing that target wrote is 2")
		exam.Equal(t, "Alive()", afterJoin, false, "when Join has just returned")
	})
}

// explode is a target that panics.
func explode() (int, error) {
	runtime.Gosched()
	panic(io.ErrUnexpectedEOF)
}

// TestPanic checks that a panic ends the thread and not the program, and that every Join tells it.
//
//grade:todo 3.4
//grade:points 2
//grade:needs TestJoin
func TestPanic(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		th := goroutine.New("bang", func() (int, error) { panic("bang") })
		th.Start()
		panicked(t, th, "bang", `target called panic("bang")`)
		exam.Equal(t, "Alive()", th.Alive(), false, "when Join has returned a panic")

		_, err := th.Join()
		th = goroutine.New("bang of another", func() (int, error) { panic(err) })
		th.Start()
		_, again := th.Join()
		var p *goroutine.PanicError
		if errors.As(again, &p) && p.Value != any(err) {
			t.Errorf("PanicError.Value = %v (%T), want the *PanicError of another thread, with which target called panic", p.Value, p.Value)
		}

		th = goroutine.New("eof", explode)
		th.Start()
		join := func() { panicked(t, th, io.ErrUnexpectedEOF, "target called panic(io.ErrUnexpectedEOF)") }
		exam.Together(join, join)
		_, err = th.Join()
		exam.Error(t, "Join()", err, io.ErrUnexpectedEOF, "the error that target called panic with is wrapped in the *PanicError")
		if errors.As(err, &p) && !bytes.Contains(p.Stack, []byte("hidden.explode")) {
			t.Errorf("PanicError.Stack does not name explode, the function that panicked: it was not taken where that panic was recovered. It begins with %.80q", p.Stack)
		}
	})
}

// panicked fails the test unless th.Join() tells of a panic with value.
func panicked(t *testing.T, th *goroutine.Thread[int], value any, when string) {
	result, err := th.Join()
	var p *goroutine.PanicError
	if !errors.As(err, &p) {
		t.Errorf("Join() = error %v (%T), want a *PanicError with %#v, because %s", err, err, value, when)
		return
	}
	exam.Equal(t, "PanicError.Value", p.Value, value, when)
	exam.Equal(t, "Join()", result, 0, when)
}

// TestExit checks that a thread that calls runtime.Goexit ends like any other.
//
//grade:todo 3.4
//grade:points 1
//grade:needs TestJoin
func TestExit(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		th := goroutine.New("exit", func() (int, error) {
			runtime.Goexit()
			return 7, nil
		})
		th.Start()
		join := func() {
			result, err := th.Join()
			exam.Error(t, "Join()", err, goroutine.ErrExited, "target called runtime.Goexit")
			exam.Equal(t, "Join()", result, 0, "target called runtime.Goexit")
		}
		exam.Together(join, join)
		exam.Equal(t, "Alive()", th.Alive(), false, "after the Join of a thread that called runtime.Goexit")
	})
}

// TestGather checks that Gather returns what came of each job, with its name, in order.
//
//grade:todo 3.5
//grade:points 2
//grade:needs TestJoin TestThreadName
func TestGather(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		all := exam.NewRendezvous(t, 3, "jobs, in Gather of three")
		job := func(n int, err error) func() (int, error) {
			return func() (int, error) {
				all.Meet()
				return n, err
			}
		}
		got := goroutine.Gather(
			goroutine.Job[int]{Name: "ada", Do: job(1, nil)},
			goroutine.Job[int]{Name: "ada", Do: job(2, io.EOF)},
			goroutine.Job[int]{Do: job(3, nil)},
		)
		if len(got) != 3 {
			t.Fatalf("Gather(ada, another ada, a job without a name) = %d outcomes, want 3", len(got))
		}
		outcome(t, got[0], "ada", 1, nil)
		outcome(t, got[1], "ada", 2, io.EOF)
		if !regexp.MustCompile(`^Thread-[0-9]+$`).MatchString(got[2].Name) {
			t.Errorf(`Gather(...)[2].Name = %q, want "Thread-" and a number: the job had no name`, got[2].Name)
		}
		outcome(t, got[2], got[2].Name, 3, nil)
		exam.Equal(t, "len(Gather())", len(goroutine.Gather[int]()), 0, "without jobs")
	})
}

func outcome(t *testing.T, got goroutine.Outcome[int], name string, result int, err error) {
	t.Helper()
	call := fmt.Sprintf("Gather(...), the outcome of %q", name)
	exam.Equal(t, call+": Name", got.Name, name, "the outcomes stand in the order of the jobs")
	exam.Equal(t, call+": Result", got.Result, result, "that is what the job returned")
	exam.Error(t, call+": Err", got.Err, err, "that is what the job returned")
}

// TestGatherSurvives checks that a job that fails, panics or exits spoils nobody else's outcome.
//
//grade:todo 3.5
//grade:points 1
//grade:needs TestGather TestPanic TestExit
func TestGatherSurvives(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		got := goroutine.Gather(
			goroutine.Job[int]{Name: "exit", Do: func() (int, error) { runtime.Goexit(); return 1, nil }},
			goroutine.Job[int]{Name: "bang", Do: explode},
			goroutine.Job[int]{Name: "seven", Do: seven},
		)
		if len(got) != 3 {
			t.Fatalf("Gather(exit, bang, seven) = %d outcomes, want 3", len(got))
		}
		outcome(t, got[0], "exit", 0, goroutine.ErrExited)
		outcome(t, got[1], "bang", 0, io.ErrUnexpectedEOF)
		outcome(t, got[2], "seven", 7, nil)
	})
}

// TestAtFullSpeed checks that threads by the hundred hold when all cores run them.
//
//grade:todo 3.5
//grade:points 1
//grade:needs TestCollectByTheHundred TestTryCollectFirstError TestTryCollectWaitsForAll
//grade:needs TestNothingBeforeStart TestStartDoesNotWait TestStartTwice TestJoinWaits TestJoinWhileStarting
//grade:needs TestNobodyJoins TestAliveAndTheEnd TestGatherSurvives
func TestAtFullSpeed(t *testing.T) {
	const many = 200
	jobs := make([]goroutine.Job[int], many)
	for i := range jobs {
		jobs[i].Do = func() (int, error) {
			if i%10 == 3 {
				panic("bang")
			}
			return i, nil
		}
	}
	var got []goroutine.Outcome[int]
	exam.Within(t, "Gather of 200 jobs", func() { got = goroutine.Gather(jobs...) })
	names := map[string]bool{}
	for i, o := range got {
		names[o.Name] = true
		var p *goroutine.PanicError
		switch {
		case i%10 == 3 && !errors.As(o.Err, &p):
			t.Errorf("Gather(...)[%d].Err = %v, want a *PanicError: the job panicked", i, o.Err)
		case i%10 != 3 && (o.Result != i || o.Err != nil):
			t.Errorf("Gather(...)[%d] = %d, %v, want %[1]d, nil", i, o.Result, o.Err)
		}
	}
	exam.Equal(t, "names", len(names), many, "of 200 jobs without a name, all of them different")
}
