//go:build grade

package hidden

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"runtime"
	"strings"
	"testing"

	goroutine "lockstep/chapters/03-goroutine"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// TestGather checks that Gather returns what came of each job, with its name, in order.
//
//grade:todo 3.5
//grade:points 2
//grade:needs TestJoin TestThreadName
func TestGather(t *testing.T) {
	// This comes first: now a count of Gather's own is where that of New is.
	interleave.Explore(t, func(t *testing.T) {
		names := map[string]bool{}
		for range 3 {
			names[goroutine.New("", seven).Name()] = true
			for _, got := range goroutine.Gather(goroutine.Job[int]{Do: seven}) {
				names[got.Name] = true
			}
		}
		exam.Equal(t, "different names", len(names), 6, `of three calls of New("", ...) and three of Gather(a job without a name)`)
	}, few...)
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
	interleave.Explore(t, func(t *testing.T) {
		jobs := []goroutine.Job[int]{{Do: seven}, {Name: "ada", Do: seven}}
		one := goroutine.Gather(jobs...)
		if !exam.Equal(t, "jobs[0].Name", jobs[0].Name, "", "after Gather(jobs...): the slice is the caller's") {
			return
		}
		other := goroutine.Gather(jobs...)
		if len(one) != 2 || len(other) != 2 {
			t.Fatalf("Gather(a job without a name, ada) = %d outcomes and, called again, %d, want 2", len(one), len(other))
		}
		if one[0].Name == other[0].Name {
			t.Errorf("Gather(...)[0].Name = %q, twice, want two names: two calls, each with a job without a name", one[0].Name)
		}
	}, few...)
	interleave.Explore(t, func(t *testing.T) {
		all := exam.NewRendezvous(t, 4, "jobs, in two calls of Gather, each by a job of another Gather")
		meet := goroutine.Job[int]{Do: func() (int, error) {
			all.Meet()
			return 1, nil
		}}
		pair := goroutine.Job[int]{Do: func() (int, error) { return len(goroutine.Gather(meet, meet)), nil }}
		for _, got := range goroutine.Gather(pair, pair) {
			outcome(t, got, got.Name, 2, nil)
		}
	}, few...)
	interleave.Explore(t, func(t *testing.T) {
		var runs exam.Count
		for n, err := range []error{goroutine.ErrNotStarted, goroutine.ErrStarted, fmt.Errorf("helper: %w", goroutine.ErrNotStarted)} {
			for _, got := range goroutine.Gather(goroutine.Job[int]{Name: "helped", Do: func() (int, error) { return runs.Add(), err }}) {
				outcome(t, got, "helped", n+1, err)
			}
			exam.Equal(t, "runs of a job", runs.Load(), n+1, fmt.Sprintf("job %d of them returns how many there have been, and the error %q of another thread", n+1, err))
		}
	}, few...)
	interleave.Explore(t, func(t *testing.T) {
		for _, got := range goroutine.Gather(goroutine.Job[int]{Name: "slow", Do: func() (int, error) { runtime.Gosched(); return 7, nil }}) {
			outcome(t, got, "slow", 7, nil)
		}
	}, interleave.DaysMayPass())
	interleave.Once(t, func(t *testing.T) {
		all := exam.NewRendezvous(t, hundreds, "jobs, in Gather of 1,500")
		jobs := make([]goroutine.Job[int], hundreds)
		for i := range jobs {
			jobs[i].Do = func() (int, error) {
				all.Meet()
				return i, nil
			}
		}
		for i, got := range goroutine.Gather(jobs...) {
			outcome(t, got, got.Name, i, nil)
		}
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
	exit := goroutine.Job[int]{Name: "exit", Do: func() (int, error) { runtime.Goexit(); return 1, nil }}
	bang := goroutine.Job[int]{Name: "bang", Do: explode}
	seven := goroutine.Job[int]{Name: "seven", Do: seven}
	for i, jobs := range [][]goroutine.Job[int]{
		{exit, bang, seven}, {bang, seven, exit}, {seven, exit, bang},
		{exit, exit}, {exit}, {bang}, {seven},
	} {
		search := few // the first one is searched as a whole, for all of them
		if i == 0 {
			search = nil
		}
		var names []string
		for _, job := range jobs {
			names = append(names, job.Name)
		}
		call := fmt.Sprintf("Gather(%s)", strings.Join(names, ", "))
		interleave.Explore(t, func(t *testing.T) {
			var got []goroutine.Outcome[int]
			returned := false
			exam.Together(func() {
				got = goroutine.Gather(jobs...)
				returned = true
			})
			if !returned {
				t.Fatalf("%s did not return, and the goroutine that called it has ended: a job that exits or panics does so for itself alone", call)
			}
			if len(got) != len(jobs) {
				t.Fatalf("%s = %d outcomes, want %d", call, len(got), len(jobs))
			}
			for i, name := range names {
				switch name {
				case "exit":
					outcome(t, got[i], name, 0, goroutine.ErrExited)
				case "bang":
					outcome(t, got[i], name, 0, io.ErrUnexpectedEOF)
				default:
					outcome(t, got[i], name, 7, nil)
				}
			}
		}, search...)
	}
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
