//go:build grade

package hidden

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	join "lockstep/chapters/04-join"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// explode panics with an error.
func explode() {
	runtime.Gosched()
	panic(io.ErrUnexpectedEOF)
}

func exploding(context.Context) error { explode(); return nil }

func exiting(context.Context) error { runtime.Goexit(); return nil }

// panics fails the test unless f panics, with a *PanicError that tells of explode.
func panics(t *testing.T, call, when string, f func()) {
	defer func() {
		value := recover()
		p, ok := value.(*join.PanicError)
		switch {
		case value == nil: // it returned, and that has been said, or the test is being ended
		case !ok:
			t.Errorf("%s panicked with %v (%T), want a *PanicError, because %s", call, value, value, when)
		case p.Value != any(io.ErrUnexpectedEOF):
			t.Errorf("%s panicked with a *PanicError whose Value is %v, want %v: %s", call, p.Value, io.ErrUnexpectedEOF, when)
		case !bytes.Contains(p.Stack, []byte("hidden.explode")):
			t.Errorf("%s panicked with a *PanicError whose Stack does not name explode, the function that panicked: it was not taken where that panic was recovered. It begins with %.80q", call, p.Stack)
		case !bytes.HasPrefix(p.Stack, []byte("goroutine ")) || bytes.Contains(p.Stack, []byte("\n\ngoroutine ")):
			t.Errorf("%s panicked with a *PanicError whose Stack is not of the one goroutine, as debug.Stack prints it. It begins with %.80q", call, p.Stack)
		case !errors.Is(p, io.ErrUnexpectedEOF):
			t.Errorf("%s panicked with a *PanicError in which errors.Is does not find its Value, the error %v", call, p.Value)
		case !strings.Contains(p.Error(), io.ErrUnexpectedEOF.Error()) || !strings.Contains(p.Error(), "hidden.explode"):
			t.Errorf("%s panicked with a *PanicError whose Error() = %.80q does not tell both its Value, %v, and its Stack", call, p.Error(), p.Value)
		}
	}()
	f()
	t.Errorf("%s returned, want it to panic: %s", call, when)
}

// TestPanicReachesWait checks that a member's panic cancels the others and goes on in whoever waits.
//
//grade:todo 4.5
//grade:points 2
//grade:needs TestErrorCancelsTheRest
func TestPanicReachesWait(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		written := ""
		g := newGroup(exploding, func(ctx context.Context) error {
			<-ctx.Done()
			written = "after the panic"
			return nil
		})
		wait := func() {
			panics(t, "Wait()", "a member called panic(io.ErrUnexpectedEOF)", func() { g.Wait() })
			seen := written // a race if Wait does not wait
			exam.Equal(t, "what the other member wrote", seen, "after the panic", "when Wait has panicked")
		}
		exam.Together(wait, wait)
		panics(t, "WaitTimeout(5ms)", "a member had called panic(io.ErrUnexpectedEOF)", func() { g.WaitTimeout(short) })
	})
	for _, m := range mishaps {
		interleave.Explore(t, func(t *testing.T) {
			g := join.New(ended()) // which excuses nothing
			g.Go(func(context.Context) error { m.panics(); return nil })
			brings(t, "Wait()", m, func() { g.Wait() })
		})
	}
	whole(t, "Wait()", func() { newGroup(func(context.Context) error { outermost(); return nil }).Wait() })
}

// A mishap is a panic. What it panics with is known by the value, or by the text of an
// error that Go itself has made.
type mishap struct {
	panics func()
	value  any
	text   string
}

// with is a call of panic.
func with(value any) mishap { return mishap{func() { panic(value) }, value, ""} }

// mishaps are ways in which a function may panic.
var mishaps = []mishap{
	with("a string"),
	with(7),
	with(failure("an error")),
	with(join.ErrTimeout),
	with(context.Canceled),
	with(&join.PanicError{Value: "of an All within"}),
	{func() { count(nil) }, nil, "assignment to entry in nil map"},
	{func() { panic(nil) }, nil, new(runtime.PanicNilError).Error()},
}

func count(words map[string]int) { words["a"]++ }

// brings fails the test unless f panics with a *PanicError whose Value is that of a mishap.
func brings(t *testing.T, call string, m mishap, f func()) {
	want := fmt.Sprintf("%#v", m.value)
	if m.value == nil {
		want = fmt.Sprintf("the runtime.Error %q", m.text)
	}
	when := "that is what a function panicked with"
	defer func() {
		got := recover()
		p, ok := got.(*join.PanicError)
		switch {
		case got == nil: // it returned, and that has been said, or the test is being ended
		case !ok:
			t.Errorf("%s panicked with %#v, want a *PanicError whose Value is %s: %s", call, got, want, when)
		case m.value != nil && p.Value != m.value, m.value == nil && !saysItself(p.Value, m.text):
			t.Errorf("%s panicked with a *PanicError whose Value is %#v, want %s: %s", call, p.Value, want, when)
		}
	}()
	f()
	t.Errorf("%s returned, want it to panic with a *PanicError whose Value is %s: %s", call, want, when)
}

// saysItself reports whether value is an error that Go has made, with that text.
func saysItself(value any, text string) bool {
	err, ok := value.(runtime.Error)
	return ok && err.Error() == text
}

// outermost panics 60 calls further in: of more than a hundred debug.Stack leaves some out.
func outermost() { deep(60) }

func deep(calls int) {
	if calls == 0 {
		explode()
	}
	deep(calls - 1)
}

// whole fails the test if f panics with a *PanicError whose Stack ends before outermost.
func whole(t *testing.T, call string, f func()) {
	defer func() {
		p, ok := recover().(*join.PanicError)
		if ok && !bytes.Contains(p.Stack, []byte("hidden.outermost")) {
			t.Errorf("%s panicked with a *PanicError whose Stack does not name outermost, a function that panicked 60 calls further in: it is not all that debug.Stack prints. It is %d bytes long, and ends with %q", call, len(p.Stack), p.Stack[max(0, len(p.Stack)-80):])
		}
	}()
	f()
}

// TestPanicBeatsErrors checks that a panic is told rather than an error, whichever came first, and no sooner.
//
//grade:todo 4.5
//grade:points 1
//grade:needs TestPanicReachesWait TestFirstError TestTimeout
func TestPanicBeatsErrors(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		g := newGroup(exploding, func(context.Context) error { return io.EOF })
		panics(t, "Wait()", "one member panicked and another one returned an error", func() { g.Wait() })

		gate := make(chan struct{})
		g = newGroup(exploding, func(ctx context.Context) error { <-gate; return ctx.Err() })
		exam.Error(t, "WaitTimeout(5ms)", g.WaitTimeout(short), join.ErrTimeout, "one member has panicked, and another one is still running")
		close(gate)
		panics(t, "Wait()", "one member panicked, and another one returned context.Canceled later", func() { g.Wait() })

		g = newGroup(func(ctx context.Context) error { <-ctx.Done(); panic(io.ErrClosedPipe) }, exploding)
		panics(t, "Wait()", "one member called panic(io.ErrUnexpectedEOF) and another one, which that had cancelled, panic(io.ErrClosedPipe)", func() { g.Wait() })
	})
}

// TestPanicInAll checks that All panics when a function did, but not before the others have ended.
//
//grade:todo 4.5
//grade:points 1
//grade:needs TestAll
func TestPanicInAll(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		var written [2]string
		panics(t, "All(...)", "the second of three functions called panic(io.ErrUnexpectedEOF)", func() {
			join.All(
				func() { runtime.Gosched(); written[0] = "by the first" },
				explode,
				func() { runtime.Gosched(); written[1] = "by the third" },
			)
		})
		seen := written // a race if All does not wait
		exam.Equal(t, "what the other functions wrote", seen, [2]string{"by the first", "by the third"}, "when All has panicked")
	})
	interleave.Explore(t, func(t *testing.T) {
		var ends exam.Count
		panics(t, "All(...)", "one function called panic(io.ErrUnexpectedEOF), and the other one takes 1000 hours", func() {
			join.All(explode, func() { time.Sleep(ages); ends.Add() })
		})
		exam.Equal(t, "ends of the function that takes 1000 hours", ends.Load(), 1, "when All has panicked, because the other one did")
	})
	interleave.Explore(t, func(t *testing.T) {
		panics(t, "All(...)", "two functions called panic(io.ErrUnexpectedEOF) at the same time", func() { join.All(explode, explode) })
	})
	interleave.Explore(t, func(t *testing.T) {
		var runs exam.Count
		exam.Together(
			func() {
				panics(t, "All(...)", "its function called panic(io.ErrUnexpectedEOF)", func() { join.All(explode) })
			},
			func() { join.All(func() { runs.Add() }) },
		)
		exam.Equal(t, "runs of the function", runs.Load(), 1, "of an All that has returned, at the same time as another one panicked")
	})
	interleave.Explore(t, func(t *testing.T) {
		var inner any
		defer func() {
			p, ok := recover().(*join.PanicError)
			if !ok || p.Value != inner {
				t.Errorf("All(...) panicked with %v, want a *PanicError whose Value is the *PanicError of the All within, with which its function panicked", p)
			}
		}()
		join.All(func() {
			defer func() {
				inner = recover()
				panic(inner)
			}()
			join.All(explode)
		})
	})
	for _, m := range mishaps {
		interleave.Explore(t, func(t *testing.T) {
			brings(t, "All(...)", m, func() { join.All(m.panics) })
		})
	}
	whole(t, "All(...)", func() { join.All(outermost) })
}

// TestExit checks that nobody waits for ever for what has called runtime.Goexit.
//
//grade:todo 4.5
//grade:points 1
//grade:needs TestFirstError TestPanicReachesWait TestPanicInAll
func TestExit(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		var after exam.Count
		join.All(
			func() { runtime.Goexit() },
			func() { after.Add() },
		)
		exam.Equal(t, "runs of the other function", after.Load(), 1, "when All has returned, one of whose functions called runtime.Goexit")
		returned := false
		exam.Together(func() {
			join.All(runtime.Goexit, runtime.Goexit)
			returned = true
		})
		exam.Equal(t, "All has returned", returned, true, "both of its functions called runtime.Goexit, each on a goroutine of its own")

		g := newGroup(exiting)
		exam.Error(t, "Wait()", g.Wait(), nil, "the member called runtime.Goexit")

		cancelled := false
		g = newGroup(exiting, func(ctx context.Context) error {
			time.Sleep(short)
			cancelled = ctx.Err() != nil
			return nil
		})
		exam.Error(t, "Wait()", g.Wait(), nil, "one member called runtime.Goexit, the other one returned nil after 5ms")
		exam.Equal(t, "the other member's context was cancelled", cancelled, false, "by a runtime.Goexit, which is an end without an error")
	})
	interleave.Explore(t, func(t *testing.T) {
		exam.Error(t, "Wait()", newGroup(exiting, func(context.Context) error { return io.EOF }).Wait(), io.EOF, "one member called runtime.Goexit, and another one returned io.EOF")
		panics(t, "Wait()", "one member called runtime.Goexit, and another one panic(io.ErrUnexpectedEOF)", func() { newGroup(exiting, exploding).Wait() })
	})
	interleave.Explore(t, func(t *testing.T) { // a context that has not ended leaves a goroutine behind
		g := join.New(exam.Endless())
		g.Go(exiting)
		exam.Error(t, "Wait()", g.Wait(), nil, "the member called runtime.Goexit")
	})
	interleave.Explore(t, func(t *testing.T) {
		panics(t, "All(...)", "one function called runtime.Goexit, and another one panic(io.ErrUnexpectedEOF)", func() { join.All(runtime.Goexit, explode) })
	})
}

// waits are ways to see the end of a group that ends within 20ms.
var waits = []struct {
	call string
	wait func(*join.Group) error
}{
	{"WaitTimeout(40ms)", func(g *join.Group) error { return g.WaitTimeout(2 * long) }},
	{"WaitTimeout(0) after 20ms", func(g *join.Group) error { time.Sleep(long); return g.WaitTimeout(0) }},
	{"WaitTimeout(-1s) after 20ms", func(g *join.Group) error { time.Sleep(long); return g.WaitTimeout(-time.Second) }},
}

// TestTimeoutTells checks that a WaitTimeout that sees the end does what Wait does, even if it only looks, and no sooner.
//
//grade:todo 4.5
//grade:points 1
//grade:needs TestTimeoutLooks TestTimeoutAtTheEnd TestErrorWaitsForAll TestContext TestPanicBeatsErrors
func TestTimeoutTells(t *testing.T) {
	for _, w := range waits {
		// With Endless as its parent a context that has not ended leaves a goroutine behind.
		interleave.Explore(t, func(t *testing.T) {
			exam.Error(t, w.call, w.wait(join.New(exam.Endless())), nil, "of a group without members")
		})
		interleave.Explore(t, func(t *testing.T) {
			g := join.New(exam.Endless())
			g.Go(func(context.Context) error { return nil })
			exam.Error(t, w.call, w.wait(g), nil, "the member returned nil")
		})
		interleave.Explore(t, func(t *testing.T) {
			written := ""
			g := newGroup(
				func(context.Context) error { return io.EOF },
				func(context.Context) error { time.Sleep(short); written = "after the error"; return io.ErrClosedPipe },
			)
			if exam.SameError(t, w.call, w.wait(g), io.EOF, "a member returned it at once, and another one io.ErrClosedPipe after 5ms") {
				exam.Equal(t, "what the other member wrote", written, "after the error", "after "+w.call)
			}
		})
		interleave.Explore(t, func(t *testing.T) {
			g := join.New(ended())
			g.Go(asleep(short, nil))
			exam.Error(t, w.call, w.wait(g), nil, "the member returned nil after 5ms; the context that New was given had ended before")
		})
		interleave.Explore(t, func(t *testing.T) {
			g := newGroup(exploding, asleep(short, io.EOF))
			const when = "one member called panic(io.ErrUnexpectedEOF), and another one returned io.EOF 5ms later"
			panics(t, w.call, when, func() { w.wait(g) })
			panics(t, "Wait()", "again; "+when, func() { g.Wait() })
		})
	}
	interleave.Explore(t, func(t *testing.T) {
		gate := make(chan struct{})
		g := newGroup(func(context.Context) error { <-gate; return nil }, exploding)
		time.Sleep(short)
		exam.Error(t, "WaitTimeout(0)", g.WaitTimeout(0), join.ErrTimeout, "one member is running, and the other one has panicked")
		close(gate)
		panics(t, "Wait()", "one member panicked, and the other one returned nil later", func() { g.Wait() })
	})
}

// TestAtFullSpeed checks that groups of many members hold when all cores run them.
//
//grade:todo 4.5
//grade:points 1
//grade:needs TestAllAtTheSameTime TestGoDoesNotWait TestEverybodyWaits TestMembersAddMembers TestNobodyWaits
//grade:needs TestTimeoutLooks TestTimeoutLeavesNothing TestTimeoutAtTheEnd
//grade:needs TestErrorWaitsForAll TestContext TestPanicBeatsErrors TestPanicInAll TestExit TestTimeoutTells
func TestAtFullSpeed(t *testing.T) {
	const many = 1000
	var ended exam.Count
	met := exam.NewRendezvous(t, many, "members of a group of 1000")
	g := join.New(context.Background())
	failure := errors.New("member 37")
	for i := range many {
		g.Go(func(ctx context.Context) error {
			g.Go(func(ctx context.Context) error {
				<-ctx.Done()
				ended.Add()
				return ctx.Err()
			})
			met.Meet()
			if i == 37 {
				return failure
			}
			return nil
		})
	}
	var waiters []func()
	for range 8 {
		waiters = append(waiters, func() {
			for range 20 {
				if err := g.WaitTimeout(0); err != nil && !errors.Is(err, join.ErrTimeout) {
					exam.Error(t, "WaitTimeout(0)", err, failure, "of a group with 2000 members, one of which fails")
				}
			}
			exam.Error(t, "Wait()", g.Wait(), failure, "of a group with 2000 members, one of which fails")
			exam.Equal(t, "members that have ended", ended.Load(), many, "when Wait has returned, of 1000 that wait to be cancelled")
		})
	}
	exam.Within(t, "8 goroutines that wait for 2000 members", func() { join.All(waiters...) })

	all := exam.NewRendezvous(t, many, "functions, in All of 1000")
	exam.Within(t, "All of 1000 functions", func() { join.All(slices.Repeat([]func(){all.Meet}, many)...) })
}
