//go:build grade

package hidden

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	child "lockstep/chapters/15-process-syntax"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

var errBad = errors.New("bad")

// errCause is why contexts end here, which Err does not say.
var errCause = errors.New("cause, which is not what Err says")

// Two outcomes.
var (
	good = child.Outcome{Result: "144"}
	bad  = child.Outcome{Code: 1, Err: errBad}
)

// known checks that f has that outcome.
func known(t *testing.T, f *child.Future, want child.Outcome, when string) {
	t.Helper()
	o, ok := f.Get()
	exam.Equal(t, "Get()", fmt.Sprintf("%+v, %v", o, ok), fmt.Sprintf("%+v, true", want), when)
}

// waits checks what Wait returns.
func waits(t *testing.T, ctx context.Context, f *child.Future, want child.Outcome, wantErr error, when string) {
	t.Helper()
	o, err := f.Wait(ctx)
	exam.Error(t, "Wait(ctx)", err, wantErr, when)
	exam.Equal(t, "Wait(ctx)", fmt.Sprintf("%+v", o), fmt.Sprintf("%+v", want), when)
}

// TestFuture checks that the first outcome counts and stays, and can be had any number of times.
//
//grade:todo 15.2
//grade:points 1
func TestFuture(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		ctx := context.Background()
		ended, cancel := context.WithCancel(ctx)
		cancel()
		f, another := child.NewFuture(), child.NewFuture()
		o, ok := f.Get()
		exam.Equal(t, "Get()", fmt.Sprintf("%+v, %v", o, ok), fmt.Sprintf("%+v, false", child.Outcome{}), "there is no outcome yet")
		waits(t, ended, f, child.Outcome{}, context.Canceled, "there is no outcome yet, and ctx has ended")
		exam.Equal(t, "Set(bad)", f.Set(bad), true, "it is the first")
		known(t, f, bad, "after Set(bad)")
		exam.Equal(t, "Set(good)", f.Set(good), false, "after Set(bad)")
		known(t, f, bad, "after Set(bad) and Set(good)")
		exam.Equal(t, "Set(bad)", f.Set(bad), false, "after Set(bad)")
		known(t, f, bad, "after Set(bad), Set(good) and Set(bad)")
		for range 2 {
			waits(t, ctx, f, bad, nil, "after Set(bad)")
			waits(t, ended, f, bad, nil, "after Set(bad), and ctx has ended long ago")
		}
		o, ok = another.Get()
		exam.Equal(t, "Get()", fmt.Sprintf("%+v, %v", o, ok), fmt.Sprintf("%+v, false", child.Outcome{}), "only another Future has an outcome")
		waits(t, ended, another, child.Outcome{}, context.Canceled, "only another Future has an outcome, and ctx has ended")
		f = child.NewFuture()
		exam.Equal(t, "Set(Outcome{})", f.Set(child.Outcome{}), true, "that is an outcome, too")
		known(t, f, child.Outcome{}, "after Set(Outcome{})")
		waits(t, ended, f, child.Outcome{}, nil, "after Set(Outcome{}), and ctx has ended long ago")
		exam.Equal(t, "Set(good)", f.Set(good), false, "after Set(Outcome{})")
	})
}

// TestFutureWakesAll checks that all who wait get the outcome that counts, and that only one counts.
//
//grade:todo 15.2
//grade:points 2
//grade:needs TestFuture
func TestFutureWakesAll(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		f := child.NewFuture()
		var first, second bool
		var seen [2]child.Outcome
		exam.Together(
			func() { first = f.Set(good) },
			func() { second = f.Set(bad) },
			func() { seen[0], _ = f.Wait(context.Background()) },
			func() { seen[1], _ = f.Wait(context.Background()) },
		)
		const when = "while two set different outcomes and two wait"
		if first == second {
			t.Errorf("Set(good) = %v and Set(bad) = %v, want one true: %s", first, second, when)
			return
		}
		want := good
		if second {
			want = bad
		}
		for _, o := range seen {
			exam.Equal(t, "Wait(ctx)", fmt.Sprintf("%+v", o), fmt.Sprintf("%+v", want), when)
		}
		known(t, f, want, "after that")
	})
	interleave.Explore(t, func(t *testing.T) {
		f := child.NewFuture()
		exam.Together(
			func() { f.Set(good) },
			func() {
				if o, ok := f.Get(); ok {
					exam.Equal(t, "Get()", fmt.Sprintf("%+v", o), fmt.Sprintf("%+v", good), "while Set(good) sets it")
				}
			},
		)
	})
}

// TestFutureGivesUp checks that Wait ends with its context, and prefers an outcome that came before.
//
//grade:todo 15.2
//grade:points 1
//grade:needs TestFutureWakesAll
func TestFutureGivesUp(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		f := child.NewFuture()
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		exam.Together(
			func() { waits(t, ctx, f, good, nil, "Set(good), and then ctx ends") },
			func() { f.Set(good); cancel() },
		)
		f = child.NewFuture()
		ctx, cancel = context.WithTimeoutCause(context.Background(), time.Second, errCause)
		defer cancel()
		exam.Together(
			func() {
				waits(t, ctx, f, child.Outcome{}, context.DeadlineExceeded, "ctx ends after a second, and the outcome comes after two")
			},
			func() {
				waits(t, context.Background(), f, good, nil, "another, who waited too, has given up after a second")
			},
			func() { time.Sleep(2 * time.Second); f.Set(good) },
		)
		waits(t, context.Background(), f, good, nil, "another has given up before")
	})
}
