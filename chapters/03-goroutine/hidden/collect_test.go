//go:build grade

package hidden

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	goroutine "lockstep/chapters/03-goroutine"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

func TestMain(m *testing.M) { exam.Main(m) }

// TestCollect checks that Collect returns every result, in the order of the items.
//
//grade:todo 3.1
//grade:points 2
func TestCollect(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		items := []string{"ada", "bob", "cleo"}
		var calls exam.Count
		upper := func(name string) string {
			calls.Add()
			runtime.Gosched()
			return strings.ToUpper(name)
		}
		const call = `Collect(["ada" "bob" "cleo"], ToUpper)`
		same(t, call, goroutine.Collect(items, upper), []string{"ADA", "BOB", "CLEO"}, "in the order of the items, whichever is ready first")
		exam.Equal(t, "calls of f", calls.Load(), 3, "in "+call)
		same(t, "items", items, []string{"ada", "bob", "cleo"}, "after "+call+": the slice is the caller's")
		same(t, "Collect([], ToUpper)", goroutine.Collect(nil, upper), nil, "without items")
		exam.Equal(t, "calls of f", calls.Load(), 3, "in all, after Collect without items too")
	})
}

// TestCollectAtTheSameTime checks that the calls of f all run at the same time.
//
//grade:todo 3.1
//grade:points 1
//grade:needs TestCollect
func TestCollectAtTheSameTime(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		all := exam.NewRendezvous(t, 3, "calls of f, in Collect with three items")
		goroutine.Collect([]int{1, 2, 3}, func(n int) int {
			all.Meet()
			return n
		})
	})
}

// TestCollectByTheHundred checks that two hundred calls run at the same time as well as three.
//
//grade:todo 3.1
//grade:points 1
//grade:needs TestCollectAtTheSameTime
func TestCollectByTheHundred(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // a bubble, where the rendezvous loses patience at once
		items := make([]int, 200)
		all := exam.NewRendezvous(t, len(items), "calls of f, in Collect with 200 items")
		goroutine.Collect(items, func(n int) int {
			all.Meet()
			return n
		})
	})
}

var errBob, errCleo = errors.New("bob is out"), errors.New("cleo is out")

// greet fails for some names, and has a result even then.
func greet(name string) (string, error) {
	runtime.Gosched()
	switch name {
	case "bob":
		return "no bob", errBob
	case "cleo":
		return "no cleo", errCleo
	}
	return "hello " + name, nil
}

// TestTryCollect checks that TryCollect returns every result, and the error of the one call that failed.
//
//grade:todo 3.2
//grade:points 2
func TestTryCollect(t *testing.T) {
	for _, c := range []struct {
		names   []string
		results []string
		err     error
	}{
		{[]string{"ada", "eve"}, []string{"hello ada", "hello eve"}, nil},
		{[]string{"bob", "ada", "eve"}, []string{"no bob", "hello ada", "hello eve"}, errBob},
		{[]string{"ada", "bob", "eve"}, []string{"hello ada", "no bob", "hello eve"}, errBob},
		{[]string{"ada", "eve", "bob"}, []string{"hello ada", "hello eve", "no bob"}, errBob},
		{nil, nil, nil},
	} {
		interleave.Explore(t, func(t *testing.T) {
			call := fmt.Sprintf("TryCollect(%q, greet)", c.names)
			results, err := goroutine.TryCollect(c.names, greet)
			same(t, call, results, c.results, "what the calls of greet returned, with an error or without")
			exam.Error(t, call, err, c.err, "what the calls of greet returned")
		})
	}
}

// TestTryCollectFirstError checks that of several errors TryCollect returns that of the first item.
//
//grade:todo 3.2
//grade:points 1
//grade:needs TestTryCollect
func TestTryCollectFirstError(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		_, err := goroutine.TryCollect([]string{"ada", "cleo", "bob"}, greet)
		exam.Error(t, `TryCollect(["ada" "cleo" "bob"], greet)`, err, errCleo, "cleo and bob fail, and cleo is the first of the items, whoever fails first")
		_, err = goroutine.TryCollect([]string{"bob", "cleo"}, greet)
		exam.Error(t, `TryCollect(["bob" "cleo"], greet)`, err, errBob, "both fail, and bob is the first of the items, whoever fails first")
	})
}

// TestTryCollectWaitsForAll checks that an error ends nothing early and that all calls run at the same time.
//
//grade:todo 3.2
//grade:points 1
//grade:needs TestTryCollect
func TestTryCollectWaitsForAll(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		names := []string{"bob", "ada", "eve"}
		all := exam.NewRendezvous(t, len(names), "calls of f, in TryCollect with three items")
		var ended exam.Count
		_, err := goroutine.TryCollect(names, func(name string) (string, error) {
			all.Meet()
			if name != "bob" {
				runtime.Gosched()
			}
			defer ended.Add()
			return greet(name)
		})
		exam.Equal(t, "calls of f that have ended", ended.Load(), len(names), "when TryCollect returns the error of one of three")
		exam.Error(t, "TryCollect", err, errBob, "the first of three calls returned it")
	})
}

// same is exam.Equal for slices; nil is an empty one.
func same(t *testing.T, call string, got, want []string, when string) {
	if slices.Equal(got, want) {
		return
	}
	t.Helper()
	t.Errorf("%s = %q, want %q: %s", call, got, want, when)
}
