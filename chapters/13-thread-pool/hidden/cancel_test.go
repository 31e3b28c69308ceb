//go:build grade

package hidden

import (
	"bytes"
	"context"
	"errors"
	"io"
	"runtime"
	"testing"

	pool "lockstep/chapters/13-thread-pool"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// A point is what a task may panic with, too.
type point struct{ x, y int }

// count counts a word.
func count(words map[string]int, word string) { words[word]++ }

// explode panics with an error.
func explode() { explodeWith(io.ErrUnexpectedEOF) }

// explodeWith panics with value.
func explodeWith(value any) {
	runtime.Gosched()
	panic(value)
}

// exploding is a task that panics.
func exploding(context.Context) (int, error) { explode(); return 1, nil }

// panicked fails the test unless err tells of the panic in explode.
func panicked(t *testing.T, call string, err error, when string) {
	t.Helper()
	panickedWith(t, call, err, io.ErrUnexpectedEOF, when)
}

// panickedWith fails the test unless err tells of the panic in explodeWith.
func panickedWith(t *testing.T, call string, err error, value any, when string) {
	t.Helper()
	var p *pool.PanicError
	switch {
	case !errors.As(err, &p):
		t.Errorf("%s = error %v (%T), want a *PanicError: %s", call, err, err, when)
	case p.Value != value:
		t.Errorf("%s returns a *PanicError whose Value is %v (%T), want %v (%T): %s", call, p.Value, p.Value, value, value, when)
	case !bytes.Contains(p.Stack, []byte("hidden.explodeWith")):
		t.Errorf("%s returns a *PanicError whose Stack does not name explodeWith, the function that panicked: it was not taken where that panic was recovered. It begins with %.80q", call, p.Stack)
	}
}

// TestPanic checks that a task's panic is found in its future, and costs neither program nor worker.
//
//grade:todo 13.2
//grade:points 2
//grade:needs TestWorkers
func TestPanic(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 3)
		future := submit(t, background, p, "there is room", exploding)
		var running exam.Peak
		count := func(context.Context) (int, error) {
			running.Enter()
			runtime.Gosched()
			running.Leave()
			return 7, nil
		}
		one := submit(t, background, p, "there is room", count)
		other := submit(t, background, p, "there is room", count)
		value, err := future.Result(background)
		panicked(t, "Result(ctx)", err, "the task called panic(io.ErrUnexpectedEOF)")
		exam.Equal(t, "Result(ctx)", value, 0, "the task panicked")
		result(t, one, 7, nil, "the task returned 7; the one before it had panicked")
		result(t, other, 7, nil, "the task returned 7; the first of three had panicked")
		exam.Equal(t, "tasks at the same time", running.Most(), 1, "1 worker, after a panic")
		settle()
		fill(t, p, 3, "as there was before a task had panicked")
		p.Close()
	}, brief()...)
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 0)
		var value any = "no error"
		for _, what := range []string{"a string", "the error of the future before", "the error of the future before, which is not the first that tells of another"} {
			future := submit(t, background, p, "the worker is free, or will be", func(context.Context) (int, error) {
				explodeWith(value)
				return 1, nil
			})
			got, err := future.Result(background)
			panickedWith(t, "Result(ctx)", err, value, "the task panicked with "+what)
			exam.Equal(t, "Result(ctx)", got, 0, "the task panicked with "+what)
			value = err
		}
		p.Close()
	}, brief()...)
	for _, c := range []struct {
		what    string
		explode func()
		want    func(value any) bool
	}{
		{"called panic(7)", func() { panic(7) }, func(value any) bool { return value == 7 }},
		{"called panic(point{3, 4})", func() { panic(point{3, 4}) }, func(value any) bool { return value == point{3, 4} }},
		{"used a nil map, for which the runtime panics with an error of its own", func() { count(nil, "a") }, func(value any) bool {
			_, ok := value.(runtime.Error)
			return ok
		}},
		{"called panic(nil), of which recover makes an error", func() { panic(nil) }, func(any) bool { return true }},
	} {
		interleave.Explore(t, func(t *testing.T) {
			p := pool.New(1, 0)
			got, err := submit(t, background, p, "the worker is free", func(context.Context) (int, error) {
				c.explode()
				return 1, nil
			}).Result(background)
			var panicked *pool.PanicError
			if !errors.As(err, &panicked) {
				t.Errorf("Result(ctx) = error %v (%T), want a *PanicError: the task %s", err, err, c.what)
			} else if !c.want(panicked.Value) {
				t.Errorf("Result(ctx) returns a *PanicError whose Value is %v (%T), want what recover returned: the task %s", panicked.Value, panicked.Value, c.what)
			}
			exam.Equal(t, "Result(ctx)", got, 0, "the task "+c.what)
			result(t, submit(t, background, p, "the worker is free", returns(7)), 7, nil, "the task returned 7; the one before it "+c.what)
			p.Close()
		}, few()...)
	}
}

// TestCancel checks that Cancel keeps a task from running that has not begun, and leaves all others alone.
//
//grade:todo 13.2
//grade:points 2
//grade:needs TestBacklog
func TestCancel(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 2)
		gate := newGate()
		running := gate.occupy(t, p)
		var ran exam.Count
		future := submit(t, background, p, "there is room in the backlog", func(context.Context) (int, error) { return ran.Add(), nil })
		last := submit(t, background, p, "there is room in the backlog", returns(7))
		exam.Equal(t, "Cancel()", future.Cancel(), true, "the task has not begun: the worker is busy")
		exam.Equal(t, "Done() is closed", isDone(future), true, "the task has been cancelled")
		result(t, future, 0, pool.ErrCancelled, "the task has been cancelled")
		exam.Equal(t, "Cancel()", future.Cancel(), true, "the task has been cancelled before")
		exam.Equal(t, "Cancel()", running.Cancel(), false, "the task is running")
		exam.Equal(t, "Done() is closed", isDone(running), false, "the task is running, and Cancel has returned false")
		close(gate.open)
		result(t, running, 1, nil, "the task returned 1; Cancel had been called while it ran")
		result(t, last, 7, nil, "the task returned 7; the one before it had been cancelled")
		exam.Equal(t, "Cancel()", running.Cancel(), false, "the task has ended")
		result(t, running, 1, nil, "the task returned 1; Cancel has been called since")
		result(t, future, 0, pool.ErrCancelled, "the task was cancelled, and its turn has passed")
		settle()
		exam.Equal(t, "runs of the task", ran.Load(), 0, "it was cancelled")
		gate = newGate()
		gate.occupy(t, p)
		var later []*pool.Future[int]
		for range 2 {
			later = append(later, submit(t, background, p, "there is room in the backlog, as there was before a task had been cancelled", returns(8)))
		}
		exam.Equal(t, "Cancel()", running.Cancel(), false, "the task has ended, and others have come since")
		exam.Equal(t, "Cancel()", last.Cancel(), false, "the task has ended, and others have come since")
		exam.Equal(t, "Cancel()", future.Cancel(), true, "the task has been cancelled before, and others have come since")
		close(gate.open)
		for _, future := range later {
			result(t, future, 8, nil, "the task returned 8; while it waited for its turn, Cancel was called for those before it, which had ended or been cancelled")
		}
		p.Close()
	})
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 4)
		gate := newGate()
		gate.occupy(t, p)
		var turns exam.Count
		turn := func(context.Context) (int, error) { return turns.Add(), nil }
		var futures []*pool.Future[int]
		for range 4 {
			futures = append(futures, submit(t, background, p, "there is room in the backlog", turn))
		}
		exam.Equal(t, "Cancel()", futures[0].Cancel(), true, "the task has not begun: the worker is busy")
		close(gate.open)
		for i, future := range futures[1:] {
			result(t, future, i+1, nil, "each task returns which one in turn it was, and one that had come before them was cancelled; want what was submitted first to be first")
		}
		p.Close()
	}, brief()...)
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 0)
		future := submit(t, background, p, "the worker is free", func(context.Context) (int, error) { return 7, pool.ErrCancelled })
		result(t, future, 7, pool.ErrCancelled, "the task returned 7 and ErrCancelled")
		exam.Equal(t, "Cancel()", future.Cancel(), false, "the task was not cancelled: it has ended, and returned ErrCancelled")
		p.Close()
	}, brief()...)
}

// TestCancelAtTheStart checks that a task which is cancelled just as its turn comes is either run or cancelled, not both and not neither.
//
//grade:todo 13.2
//grade:points 2
//grade:needs TestCancel
func TestCancelAtTheStart(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 1)
		ran := 0
		future := submit(t, background, p, "the worker is free", func(context.Context) (int, error) { ran++; return 7, nil })
		var one, other bool
		exam.Together(
			func() { one = future.Cancel() },
			func() { other = future.Cancel() },
		)
		exam.Equal(t, "Cancel() by the other", other, one, "two cancel a task at the same time; this is what one of them got")
		result(t, submit(t, background, p, "the worker is free", returns(8)), 8, nil, "the task returned 8; its turn came after that of one which may have been cancelled")
		if one {
			result(t, future, 0, pool.ErrCancelled, "Cancel returned true")
			exam.Equal(t, "runs of the task", ran, 0, "Cancel returned true")
		} else {
			result(t, future, 7, nil, "Cancel returned false")
			exam.Equal(t, "runs of the task", ran, 1, "Cancel returned false")
		}
		p.Close()
	}, brief()...)
}
