//go:build grade

package hidden

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"testing"

	goroutine "lockstep/chapters/03-goroutine"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

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

		th = goroutine.New("eof", explode)
		th.Start()
		join := func() { panicked(t, th, io.ErrUnexpectedEOF, "target called panic(io.ErrUnexpectedEOF)") }
		exam.Together(join, join)
		_, err := th.Join()
		exam.Error(t, "Join()", err, io.ErrUnexpectedEOF, "the error that target called panic with is wrapped in the *PanicError")

		th = goroutine.New("careful", func() (result int, err error) {
			defer func() { result, err = 5, recover().(error) }()
			panic(io.ErrUnexpectedEOF)
		})
		th.Start()
		joined(t, th, 5, io.ErrUnexpectedEOF, "target recovered its own panic and returned 5 and that error")
	})
	interleave.Explore(t, func(t *testing.T) {
		another := &goroutine.PanicError{Value: "bang of another"}
		for _, value := range []any{
			0, "", false, struct{}{}, new(int),
			another,
			fmt.Errorf("helper: %w", another),
			goroutine.ErrExited,
			fmt.Errorf("helper: %w", goroutine.ErrExited),
			goroutine.ErrNotStarted,
			goroutine.ErrStarted,
		} {
			th := goroutine.New("bang", func() (int, error) { panic(value) })
			th.Start()
			for range 2 {
				panicked(t, th, value, fmt.Sprintf("target called panic with %T %[1]v", value))
			}
		}
	}, few...)
	interleave.Explore(t, func(t *testing.T) { // what Value is here is a matter of the runtime
		const outOfRange = "read behind the end of a slice"
		var nothing any
		for _, c := range []struct {
			what   string
			target func() (int, error)
		}{
			{"called panic(nil)", func() (int, error) { panic(nothing) }},
			{outOfRange, func() (int, error) { return []int{}[len(os.Args)], nil }},
			{"called panic([]int{1})", func() (int, error) { panic([]int{1}) }}, // no == for these
		} {
			th := goroutine.New("bang", c.target)
			th.Start()
			result, err := th.Join()
			if p := (*goroutine.PanicError)(nil); !errors.As(err, &p) {
				t.Errorf("Join() = error %v (%T), want a *PanicError, because target %s", err, err, c.what)
			}
			exam.Equal(t, "Join()", result, 0, "target "+c.what)
			if e := runtime.Error(nil); c.what == outOfRange && !errors.As(err, &e) {
				t.Errorf("Join() = error %v (%T), which wraps no runtime.Error, want one, because target %s", err, err, c.what)
			}
		}
	}, few...)
	interleave.Explore(t, func(t *testing.T) {
		short, long := goroutine.New("short", explode), goroutine.New("long", func() (int, error) { return dig(200) })
		short.Start()
		long.Start()
		_, err := short.Join()
		_, deep := long.Join()
		stack(t, err, "explode")
		stack(t, deep, "dig")
	}, few...)
}

// dig calls itself so many times, and then it panics.
func dig(depth int) (int, error) {
	if depth == 0 {
		panic("there is no ground")
	}
	return dig(depth - 1)
}

// stack fails the test unless err has the whole stack of a goroutine on which function panicked.
func stack(t *testing.T, err error, function string) {
	t.Helper()
	var p *goroutine.PanicError
	if !errors.As(err, &p) {
		t.Errorf("Join() = error %v (%T), want a *PanicError, because target panicked in %s", err, err, function)
		return
	}
	if !bytes.Contains(p.Stack, []byte("hidden."+function)) {
		t.Errorf("PanicError.Stack does not name %s, the function that panicked: it was not taken where that panic was recovered. It begins with %.80q", function, p.Stack)
	}
	// The first line says which goroutine, the last two who started it.
	if !bytes.HasPrefix(p.Stack, []byte("goroutine ")) || !bytes.Contains(p.Stack, []byte("\ncreated by ")) {
		t.Errorf(`PanicError.Stack = %d bytes, from %.40q to %q, want it from "goroutine " to "created by" and the place, as debug.Stack prints it: %s panicked`,
			len(p.Stack), p.Stack, p.Stack[max(0, len(p.Stack)-80):], function)
	}
}

// panicked fails the test unless th.Join() tells of a panic with value.
func panicked(t *testing.T, th *goroutine.Thread[int], value any, when string) {
	result, err := th.Join()
	var p *goroutine.PanicError
	if !errors.As(err, &p) {
		t.Errorf("Join() = error %v (%T), want a *PanicError with %v, because %s", err, err, value, when)
		return
	}
	exam.Equal(t, "PanicError.Value", p.Value, value, when)
	exam.Equal(t, "PanicError.Error()", p.Error(), fmt.Sprintf("panic: %v", value), when)
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
