//go:build grade

package hidden

import (
	"errors"
	"strings"
	"testing"

	child "lockstep/chapters/15-process-syntax"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

func join(args []string) (string, error) { return strings.Join(args, "+"), nil }

// register registers functions that must be accepted.
func register(t *testing.T, r *child.Registry, name string, f child.Func, when string) {
	t.Helper()
	exam.Error(t, `Register("`+name+`", f)`, r.Register(name, f), nil, when)
}

// call calls and checks what comes back.
func call(t *testing.T, r *child.Registry, want string, wantErr error, when, name string, args ...string) {
	t.Helper()
	result, err := r.Call(name, args)
	what := `Call("` + name + `", ["` + strings.Join(args, `" "`) + `"])`
	exam.Error(t, what, err, wantErr, when)
	exam.Equal(t, what, result, want, when)
}

// TestCall checks that Call finds the function of a name, and says when there is none.
//
//grade:todo 15.1
//grade:points 1
func TestCall(t *testing.T) {
	errBad := errors.New("bad")
	interleave.Explore(t, func(t *testing.T) {
		var r, another child.Registry
		call(t, &r, "", child.ErrUnknown, "nothing has been registered", "join", "a")
		register(t, &r, "join", join, "it is the first one")
		register(t, &r, "bad", func([]string) (string, error) { return "part", errBad }, "it is another name")
		register(t, &r, "", func([]string) (string, error) { return "no name", nil }, `"" is a name, too`)
		call(t, &r, "a+b", nil, `the function "join" joins its arguments`, "join", "a", "b")
		call(t, &r, "part", errBad, `the function "bad" returns that error, and a result beside it`, "bad", "a")
		if _, err := r.Call("bad", nil); err != errBad {
			t.Errorf(`Call("bad", nil) = error %q, want %q and nothing around it: that is what the function "bad" returns`, err, errBad)
		}
		call(t, &r, "no name", nil, `the function "" returns that`, "")
		call(t, &r, "", child.ErrUnknown, `"join", "bad" and "" have been registered`, "joi", "a")
		exam.Error(t, `Register("join", g)`, r.Register("join", func([]string) (string, error) { return "other", nil }), child.ErrTaken, "the name is taken")
		call(t, &r, "a", nil, `another Register("join", g) has been refused`, "join", "a")
		call(t, &another, "", child.ErrUnknown, "another Registry has a function of that name", "join", "a")
		register(t, &another, "join", func([]string) (string, error) { return "another", nil }, "only another Registry has a function of that name")
		call(t, &another, "another", nil, "another Registry has a function of that name, too", "join", "a")
		call(t, &r, "a", nil, "another Registry has a function of that name, too", "join", "a")
	})
}

// TestCallPanics checks that Call turns a panic of the function into an error.
//
//grade:todo 15.1
//grade:points 1
//grade:needs TestCall
func TestCallPanics(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		var r child.Registry
		register(t, &r, "join", join, "it is the first one")
		for _, c := range []struct {
			name, want string
			value      any
		}{
			{"text", "panic: boom", "boom"},
			{"error", "panic: bad", errors.New("bad")},
			{"number", "panic: 7", 7},
			{"struct", "panic: {7}", struct{ n int }{7}},
			{"empty text", "panic: ", ""},
			{"format", "panic: 100%d", "100%d"},
		} {
			register(t, &r, c.name, func([]string) (string, error) { panic(c.value) }, "it is another name")
			result, err := r.Call(c.name, nil)
			when := "the function panics with " + strings.TrimPrefix(c.want, "panic: ")
			if err == nil {
				t.Errorf("Call(%q, nil) = %q and no error, want an error: %s", c.name, result, when)
			} else {
				exam.Equal(t, "text of the error of Call", err.Error(), c.want, when)
			}
			exam.Equal(t, "result of Call", result, "", when)
		}
		call(t, &r, "a", nil, "other functions have panicked before", "join", "a")
	})
}

// TestRegisterAtTheSameTime checks that of two functions with one name exactly one is registered, while others are called.
//
//grade:todo 15.1
//grade:points 2
//grade:needs TestCall
func TestRegisterAtTheSameTime(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		var r child.Registry
		register(t, &r, "join", join, "it is the first one")
		say := func(what string) child.Func { return func([]string) (string, error) { return what, nil } }
		var first, second error
		exam.Together(
			func() { first = r.Register("new", say("first")) },
			func() { second = r.Register("new", say("second")) },
			func() { call(t, &r, "a+b", nil, "others register functions", "join", "a", "b") },
		)
		const when = "two functions have been registered with one name at the same time"
		want := "first"
		switch {
		case first == nil && errors.Is(second, child.ErrTaken):
		case second == nil && errors.Is(first, child.ErrTaken):
			want = "second"
		default:
			t.Errorf(`Register("new", f) = %v and Register("new", g) = %v, want one nil and the other ErrTaken: %s`, first, second, when)
			return
		}
		call(t, &r, want, nil, when+", and this one was accepted", "new")
	})
}

// TestCallsAtTheSameTime checks that functions run at the same time, and may use the Registry themselves.
//
//grade:todo 15.1
//grade:points 1
//grade:needs TestRegisterAtTheSameTime
func TestCallsAtTheSameTime(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		var r child.Registry
		meeting := exam.NewRendezvous(t, 2, "functions running")
		register(t, &r, "join", join, "it is the first one")
		register(t, &r, "meet", func(args []string) (string, error) {
			meeting.Meet()
			return r.Call("join", args)
		}, "it is another name")
		register(t, &r, "register", func([]string) (string, error) {
			return "", r.Register("late", join)
		}, "it is another name")
		exam.Together(
			func() { call(t, &r, "a+b", nil, "it calls another one", "meet", "a", "b") },
			func() { call(t, &r, "c", nil, "it calls another one", "meet", "c") },
		)
		call(t, &r, "", nil, `it registers "late"`, "register")
		call(t, &r, "d", nil, "a function has registered it", "late", "d")
	})
}
