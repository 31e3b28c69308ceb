//go:build grade

package hidden

import (
	"context"
	"fmt"
	"testing"
	"time"

	daemon "lockstep/chapters/08-daemon"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// TestHeartbeatBeats checks that Heartbeat returns at once and beats until ctx ends, and never after.
//
//grade:todo 8.1
//grade:points 1
func TestHeartbeatBeats(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		const when = "Heartbeat(ctx, 1s, beat) at 0s; ctx ends at 3.5s"
		beats := open()
		ctx, cancel := context.WithTimeout(background, 35*tenth)
		defer cancel()
		done := daemon.Heartbeat(ctx, second, func() { beats.note() })
		exam.Equal(t, "time when Heartbeat returns", beats.now(), "0s", "it beats in the background")
		if !closed(t, done, when) {
			return
		}
		exam.Equal(t, "beats", beats.String(), "1s, 2s, 3s", when)
		time.Sleep(3 * second)
		exam.Equal(t, "beats", beats.String(), "1s, 2s, 3s", when+", and it is 6.5s")
	})
}

// ending returns a context that ends after a while, by its deadline or because somebody cancels it.
func ending(why error, after time.Duration) (context.Context, context.CancelFunc) {
	if why == context.DeadlineExceeded {
		return context.WithTimeout(background, after)
	}
	ctx, cancel := context.WithCancel(background)
	time.AfterFunc(after, cancel)
	return ctx, cancel
}

// TestHeartbeatEndsAtOnce checks that Heartbeat's channel is closed as soon as ctx has ended, not a beat later or sooner.
//
//grade:todo 8.1
//grade:points 1
//grade:needs TestHeartbeatBeats
func TestHeartbeatEndsAtOnce(t *testing.T) {
	for _, why := range []error{context.Canceled, context.DeadlineExceeded} {
		interleave.Explore(t, func(t *testing.T) {
			when := "ctx ends at 2.5s: " + why.Error()
			beats := open()
			ctx, cancel := ending(why, 25*tenth)
			defer cancel()
			done := daemon.Heartbeat(ctx, second, func() { beats.note() })
			if closed(t, done, when) {
				exam.Equal(t, "time when Heartbeat's channel is closed", beats.now(), "2.5s", when)
				exam.Equal(t, "beats", beats.String(), "1s, 2s", when)
			}
		})
	}
	interleave.Explore(t, func(t *testing.T) {
		const when = "Heartbeat(ctx, 1s, beat) with a ctx that has ended before"
		beats := open()
		ctx, cancel := context.WithCancel(background)
		cancel()
		done := daemon.Heartbeat(ctx, second, func() { beats.note() })
		if closed(t, done, when) {
			exam.Equal(t, "time when Heartbeat's channel is closed", beats.now(), "0s", when)
			exam.Equal(t, "beats", beats.String(), "none", when)
		}
	})
}

// TestHeartbeatLastBeat checks that the beat that runs when ctx ends is waited for, and is the last.
//
//grade:todo 8.1
//grade:points 2
//grade:needs TestHeartbeatEndsAtOnce
func TestHeartbeatLastBeat(t *testing.T) {
	// The long one lasts until the next beats are due.
	for _, c := range []struct {
		takes time.Duration
		why   error // what ctx ends with
	}{
		{5 * tenth, context.DeadlineExceeded},
		{25 * tenth, context.DeadlineExceeded},
		{25 * tenth, context.Canceled},
	} {
		interleave.Explore(t, func(t *testing.T) {
			takes := c.takes
			when := fmt.Sprintf("Heartbeat(ctx, 1s, beat) at 0s; a beat takes %v, and ctx ends at 1.2s (%v)", takes, c.why)
			beats := open()
			ctx, cancel := ending(c.why, 12*tenth)
			defer cancel()
			done := daemon.Heartbeat(ctx, second, func() {
				beats.note("begins")
				time.Sleep(takes)
				beats.note("ends")
			})
			if !closed(t, done, when) {
				return
			}
			end := (second + takes).String()
			exam.Equal(t, "beats", beats.String(), "1s begins, "+end+" ends", when+" (looked at when the channel was closed)")
			exam.Equal(t, "time when Heartbeat's channel is closed", beats.now(), end, when)
			time.Sleep(3 * second)
			exam.Equal(t, "beats", beats.String(), "1s begins, "+end+" ends", when)
		})
	}
}

// TestHeartbeatKeepsTime checks that beats that take their time neither shift the later ones nor overlap, nor hold up another heart.
//
//grade:todo 8.1
//grade:points 1
//grade:needs TestHeartbeatBeats
func TestHeartbeatKeepsTime(t *testing.T) {
	beats := func(t *testing.T, when string, takes func(n int) time.Duration, want ...string) {
		interleave.Explore(t, func(t *testing.T) {
			var count exam.Count
			var running exam.Peak
			beats := open()
			ctx, cancel := context.WithTimeout(background, 49*tenth)
			defer cancel()
			other := daemon.Heartbeat(ctx, 9*tenth, func() { time.Sleep(32 * tenth) })
			done := daemon.Heartbeat(ctx, second, func() {
				running.Enter()
				defer running.Leave()
				beats.note()
				time.Sleep(takes(count.Add()))
			})
			if closed(t, done, when) {
				exam.Equal(t, "beats at the same time", running.Most(), 1, when)
				exam.OneOf(t, "beats", beats.String(), want, "Heartbeat(ctx, 1s, beat) at 0s; "+when+"; another Heartbeat beats from 0.9s to 4.1s")
			}
			<-other
		})
	}
	beats(t, "each beat takes 0.3s", func(int) time.Duration { return 3 * tenth }, "1s, 2s, 3s, 4s")
	beats(t, "the first beat takes 1.5s, the others no time", func(n int) time.Duration {
		if n == 1 {
			return 15 * tenth
		}
		return 0
	}, "1s, 2.5s, 3s, 4s", "1s, 3s, 4s")
}
