//go:build grade

package hidden

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"testing"
	"time"

	join "lockstep/chapters/04-join"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// ended returns a context that has ended.
func ended() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

// failure is an error of a type of its own.
type failure string

func (f failure) Error() string { return string(f) }

// TestFirstError checks that every Wait returns the first error of a member, and not one that followed from it.
//
//grade:todo 4.4
//grade:points 2
//grade:needs TestMembersAddMembers
func TestFirstError(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		g := newGroup(
			func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
			func(context.Context) error { return io.EOF },
			func(context.Context) error { return nil },
		)
		if !exam.Error(t, "Wait()", g.Wait(), io.EOF, "a member returned io.EOF, and another one context.Canceled because of that") {
			return
		}
		exam.Error(t, "Wait()", g.Wait(), io.EOF, "again")
		exam.Error(t, "WaitTimeout(5ms)", g.WaitTimeout(short), io.EOF, "after a Wait that returned io.EOF")

		g = join.New(context.Background())
		g.Go(func(context.Context) error { g.Go(asleep(short, io.EOF)); return nil })
		exam.Error(t, "Wait()", g.Wait(), io.EOF, "a member added one that returned io.EOF after 5ms")

		g = newGroup(asleep(short, io.EOF), asleep(long, io.ErrClosedPipe), asleep(long, nil))
		exam.Error(t, "Wait()", g.Wait(), io.EOF, "a member returned io.EOF after 5ms, another one io.ErrClosedPipe after 20ms")
	})
	for _, err := range []error{
		failure("disk full"),
		join.ErrTimeout, // of a group within
		fmt.Errorf("within: %w", join.ErrTimeout),
		context.Canceled, // of a context of the member's own
		context.DeadlineExceeded,
		&join.PanicError{Value: "of an All within, recovered"},
	} {
		interleave.Explore(t, func(t *testing.T) {
			g := newGroup(asleep(2*short, io.EOF), asleep(short, err), asleep(3*short, failure("too late")))
			when := fmt.Sprintf("one member returned %q (%T) after 5ms, others io.EOF after 10ms and another error after 15ms", err, err)
			exam.SameError(t, "Wait()", g.Wait(), err, when)
			exam.SameError(t, "Wait()", g.Wait(), err, "again; "+when)

			g = join.New(ended())
			g.Go(asleep(short, err))
			exam.SameError(t, "Wait()", g.Wait(), err, fmt.Sprintf("the member returned %q (%T) after 5ms; the context that New was given had ended before", err, err))
		})
	}
}

// TestErrorCancelsTheRest checks that an error ends the context of all other members.
//
//grade:todo 4.4
//grade:points 2
//grade:needs TestWait
func TestErrorCancelsTheRest(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		var told exam.Count
		patient := func(ctx context.Context) error {
			<-ctx.Done()
			told.Add()
			return nil
		}
		g := newGroup(patient, func(context.Context) error { return io.EOF }, patient)
		exam.Error(t, "Wait()", g.Wait(), io.EOF, "a member returned it, while two others waited for their context")
		exam.Equal(t, "members whose context was cancelled", told.Load(), 2, "when the third has returned an error")
	})
}

// TestErrorWaitsForAll checks that Wait waits for all members after an error too.
//
//grade:todo 4.4
//grade:points 1
//grade:needs TestErrorCancelsTheRest
func TestErrorWaitsForAll(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		written := ""
		g := newGroup(
			func(context.Context) error { return io.EOF },
			func(ctx context.Context) error {
				<-ctx.Done()
				runtime.Gosched()
				written = "after the error"
				return nil
			},
		)
		err := g.Wait()
		seen := written // a race if Wait does not wait
		exam.Error(t, "Wait()", err, io.EOF, "a member returned it")
		exam.Equal(t, "what the other member wrote", seen, "after the error", "when Wait has returned")
	})
}

type key struct{}

// TestContext checks that the members' context belongs to the parent's, and ends when it should and not before.
//
//grade:todo 4.4
//grade:points 1
//grade:needs TestErrorCancelsTheRest TestTimeout
func TestContext(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		parent, cancel := context.WithCancel(context.WithValue(context.Background(), key{}, "a value"))
		defer cancel()
		g := join.New(parent)
		var members context.Context
		early, earlier := false, false
		firsts := make(chan context.Context, 1)
		g.Go(func(ctx context.Context) error { firsts <- ctx; return nil })
		g.Go(func(ctx context.Context) error {
			time.Sleep(ages)
			members, early, earlier = ctx, ctx.Err() != nil, (<-firsts).Err() != nil
			return nil
		})
		if !exam.Error(t, "Wait()", g.Wait(), nil, "both members return nil, the second one after 1000 hours") {
			return
		}
		exam.Equal(t, "the members' context had ended", early, false, "when a member had been running for 1000 hours, and no other had failed")
		exam.Equal(t, "the context of a member that has returned nil had ended", earlier, false, "when another member had been running for 1000 hours, and none had failed")
		exam.Equal(t, "the members' ctx.Value(key)", members.Value(key{}), any("a value"), "as in the context that New was given")
		exam.Error(t, "the members' ctx.Err()", members.Err(), context.Canceled, "when Wait has returned")

		g = join.New(parent)
		g.Go(func(ctx context.Context) error { members = ctx; return nil })
		exam.Error(t, "WaitTimeout(20ms)", g.WaitTimeout(long), nil, "the member returned nil")
		exam.Error(t, "the members' ctx.Err()", members.Err(), context.Canceled, "when WaitTimeout has seen the end, and nobody has called Wait")

		g = join.New(parent)
		g.Go(func(context.Context) error { return io.EOF })
		g.Wait()
		exam.Error(t, "the Err() of the context that New was given", parent.Err(), nil, "when a member has failed")
		twin := join.New(parent)
		twin.Go(func(ctx context.Context) error { return ctx.Err() })
		exam.Error(t, "the members' ctx.Err()", twin.Wait(), nil, "a member of another group had failed, which New was given the same context for")

		g = join.New(parent)
		g.Go(func(ctx context.Context) error { <-ctx.Done(); return nil })
		cancel()
		exam.Error(t, "Wait()", g.Wait(), nil, "the context that New was given was cancelled, and the member returned nil")

		ran := ""
		g = join.New(parent)
		g.Go(func(ctx context.Context) error { ran = "with an ended context"; return ctx.Err() })
		exam.Error(t, "Wait()", g.Wait(), context.Canceled, "the member returned what it found: its context had ended before Go")
		exam.Equal(t, "the member ran", ran, "with an ended context", "which had ended before Go")
	})
	interleave.Explore(t, func(t *testing.T) {
		var members context.Context
		g := newGroup(func(ctx context.Context) error { members = ctx; return nil })
		see := func(call string, wait func() error) func() {
			return func() {
				exam.Error(t, call, wait(), nil, "one of two at the same time; the member returned nil")
				exam.Error(t, "the members' ctx.Err()", members.Err(), context.Canceled, "when "+call+" has returned, whether or not somebody else has seen the end, too")
			}
		}
		exam.Together(see("Wait()", g.Wait), see("WaitTimeout(20ms)", func() error { return g.WaitTimeout(long) }))
	})
	// With Endless as its parent a context that has not ended leaves a goroutine behind.
	interleave.Explore(t, func(t *testing.T) {
		exam.Error(t, "Wait()", join.New(exam.Endless()).Wait(), nil, "of a group without members")
	})
	interleave.Explore(t, func(t *testing.T) {
		g := join.New(exam.Endless())
		g.Go(func(context.Context) error { return nil })
		exam.Error(t, "Wait()", g.Wait(), nil, "the member returned nil")
	})
}
