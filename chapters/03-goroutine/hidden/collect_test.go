//go:build grade

package hidden

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"

	goroutine "lockstep/chapters/03-goroutine"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

func TestMain(m *testing.M) {
	exam.Main(m, goroutine.ErrStarted, goroutine.ErrNotStarted, goroutine.ErrExited)
}

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
	interleave.Explore(t, func(t *testing.T) {
		var calls exam.Count
		got := goroutine.Collect([]string{"ada", "ada", "ada"}, func(string) int { return calls.Add() })
		slices.Sort(got)
		if !slices.Equal(got, []int{1, 2, 3}) {
			t.Errorf("Collect of three items that are the same = %d when sorted, want [1 2 3]: f returns how often it has been called", got)
		}
		values := []any{nil, "", io.EOF, 0}
		if got := goroutine.Collect(values, func(v any) any { return v }); !slices.Equal(got, values) {
			t.Errorf("Collect(%#v, f) = %#v, want the same: f returns its argument", values, got)
		}
	}, few...)
	interleave.Explore(t, func(t *testing.T) {
		same(t, `Collect(["ada"], f)`, goroutine.Collect([]string{"ada"}, func(name string) string { runtime.Gosched(); return name }), []string{"ada"}, "f takes days and returns its argument")
	}, interleave.DaysMayPass())
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
	interleave.Explore(t, func(t *testing.T) {
		all := exam.NewRendezvous(t, 4, "calls of g, in two calls of Collect, each by a call of f of another Collect")
		goroutine.Collect([]int{1, 2}, func(int) []int {
			return goroutine.Collect([]int{1, 2}, func(n int) int {
				all.Meet()
				return n
			})
		})
	}, few...)
}

// few makes a search small where it is the number that matters, and not the order.
var few = []interleave.Option{interleave.Preemptions(1), interleave.Budget(50), interleave.Schedules(20)}

// hundreds are more than anybody may make room for in advance.
const hundreds = 1500

// TestCollectByTheHundred checks that fifteen hundred calls run at the same time as well as three.
//
//grade:todo 3.1
//grade:points 1
//grade:needs TestCollectAtTheSameTime
func TestCollectByTheHundred(t *testing.T) {
	interleave.Once(t, func(t *testing.T) {
		items := make([]int, hundreds)
		all := exam.NewRendezvous(t, len(items), "calls of f, in Collect with 1,500 items")
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
		{[]string{"ada", "ada", "ada"}, []string{"hello ada", "hello ada", "hello ada"}, nil},
		{nil, nil, nil},
	} {
		interleave.Explore(t, func(t *testing.T) {
			call := fmt.Sprintf("TryCollect(%q, greet)", c.names)
			names := slices.Clone(c.names)
			results, err := goroutine.TryCollect(names, greet)
			same(t, call, results, c.results, "what the calls of greet returned, with an error or without")
			failed(t, call, err, c.err, "what the calls of greet returned")
			same(t, "items", names, c.names, "after "+call+": the slice is the caller's")
		})
	}
	interleave.Explore(t, func(t *testing.T) {
		for _, err := range []error{io.EOF, context.Canceled, goroutine.ErrExited, fmt.Errorf("read: %w", io.EOF), errors.Join(errBob, errCleo)} {
			results, got := goroutine.TryCollect([]error{nil, err}, func(err error) (error, error) { return err, err })
			const call = "TryCollect(two items, f)"
			failed(t, call, got, err, "that is what f returned for the second item")
			if len(results) != 2 || results[0] != nil || results[1] != err {
				t.Errorf("%s = %v, want [nil %v]: f returns its item twice, as a result and as an error", call, results, err)
			}
		}
	}, few...)
}

// failed fails the test unless got is want itself: not one that wraps it, and not nil.
func failed(t *testing.T, call string, got, want error, when string) {
	t.Helper()
	if exam.Error(t, call, got, want, when) && got != want {
		t.Errorf("%s = error %q (%T), want %q (%T) itself: %s", call, got, got, want, want, when)
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
		failed(t, `TryCollect(["ada" "cleo" "bob"], greet)`, err, errCleo, "cleo and bob fail, and cleo is the first of the items, whoever fails first")
		_, err = goroutine.TryCollect([]string{"bob", "cleo"}, greet)
		failed(t, `TryCollect(["bob" "cleo"], greet)`, err, errBob, "both fail, and bob is the first of the items, whoever fails first")
	})
	for _, c := range []struct {
		what  string
		fails func(i int) bool
		first int
	}{
		{"all calls fail", func(int) bool { return true }, 0},
		{"the second half fails", func(i int) bool { return i >= 150 }, 150},
		{"the first and the last fail", func(i int) bool { return i == 0 || i == 299 }, 0},
		{"the last two fail", func(i int) bool { return i >= 298 }, 298},
	} {
		interleave.Once(t, func(t *testing.T) {
			backwards(t, c.what, c.fails, c.first)
		})
	}
}

// backwards checks a TryCollect of 300 items, where the calls end one after the other,
// that of the last item first.
func backwards(t *testing.T, what string, fails func(i int) bool, first int) {
	const many = 300
	items := make([]int, many)
	errs := make([]error, many)
	ended := make([]chan struct{}, many)
	for i := range items {
		items[i] = i
		errs[i] = fmt.Errorf("item %d", i)
		ended[i] = make(chan struct{})
	}
	all := exam.NewRendezvous(t, many, "calls of f, in TryCollect with 300 items")
	results, err := goroutine.TryCollect(items, func(i int) (int, error) {
		all.Meet()
		if i+1 < many && !t.Failed() { // if they have not met nobody may wait for the next
			<-ended[i+1]
		}
		defer close(ended[i])
		if fails(i) {
			return i, errs[i]
		}
		return i, nil
	})
	failed(t, "TryCollect(300 items, f)", err, errs[first], "the calls end from the last item to the first, and "+what)
	if !slices.Equal(results, items) {
		t.Errorf("TryCollect(0 to 299, f) = %d results that are not 0 to 299: f returns its item, with an error or without", len(results))
	}
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
	interleave.Explore(t, func(t *testing.T) {
		results, err := goroutine.TryCollect([]string{"bob"}, func(name string) (string, error) { runtime.Gosched(); return greet(name) })
		exam.Error(t, `TryCollect(["bob"], f)`, err, errBob, "f takes days and returns that error")
		same(t, `TryCollect(["bob"], f)`, results, []string{"no bob"}, "f takes days and returns that, and an error")
	}, interleave.DaysMayPass())
	interleave.Once(t, func(t *testing.T) {
		all := exam.NewRendezvous(t, hundreds, "calls of f, in TryCollect with 1,500 items")
		goroutine.TryCollect(make([]int, hundreds), func(int) (int, error) {
			all.Meet()
			return 0, errBob
		})
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
