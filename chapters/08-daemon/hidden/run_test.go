//go:build grade

package hidden

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	daemon "lockstep/chapters/08-daemon"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// bell is the Signals of the tests. It treats channels as package os/signal does.
type bell struct {
	mu    sync.Mutex
	asked []request
}

// request is what one call of Notify asks for.
type request struct {
	c       chan<- os.Signal
	signals []os.Signal
}

func (b *bell) Notify(c chan<- os.Signal, sig ...os.Signal) {
	if c == nil {
		panic("Notify(nil): the channel must be made before")
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.asked = append(b.asked, request{c, sig})
}

func (b *bell) Stop(c chan<- os.Signal) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.asked = slices.DeleteFunc(b.asked, func(r request) bool { return r.c == c })
}

// ring sends a signal to each channel that asks for it, and does not wait.
func (b *bell) ring(s os.Signal) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var sent []chan<- os.Signal
	for _, r := range b.asked {
		if slices.Contains(sent, r.c) || len(r.signals) > 0 && !slices.Contains(r.signals, s) {
			continue
		}
		sent = append(sent, r.c)
		select {
		case r.c <- s:
		default:
		}
	}
}

// signals returns which signals are asked for, each once.
func (b *bell) signals() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var names []string
	for _, r := range b.asked {
		if len(r.signals) == 0 {
			return "all"
		}
		for _, s := range r.signals {
			names = append(names, s.String())
		}
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), ", ")
}

// listeners returns how many requests have not been stopped.
func (b *bell) listeners() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.asked)
}

// TestRunReturnsResult checks that Run calls serve and returns what it returns.
//
//grade:todo 8.4
//grade:points 1
func TestRunReturnsResult(t *testing.T) {
	for _, want := range []error{errDown, nil} {
		interleave.Explore(t, func(t *testing.T) {
			const when = "serve returned at 1s, and no signal came"
			var calls exam.Count
			day := open()
			var ctx context.Context
			err := daemon.Run(new(bell), func(c context.Context) error {
				calls.Add()
				ctx = c
				time.Sleep(second)
				exam.Error(t, "ctx.Err() in serve", c.Err(), nil, "no signal came")
				return want
			})
			if !exam.Equal(t, "calls of serve", calls.Load(), 1, "Run has returned") {
				return
			}
			exam.SameError(t, "Run(signals, serve)", err, want, when)
			exam.Equal(t, "time when Run returned", day.now(), "1s", when)
			exam.Error(t, "serve's ctx.Err()", ctx.Err(), context.Canceled, "Run has returned")
		})
	}
}

// TestRunStopsGracefully checks that a signal ends serve's context, and Run then waits for serve.
//
//grade:todo 8.4
//grade:points 2
//grade:needs TestRunReturnsResult
func TestRunStopsGracefully(t *testing.T) {
	for _, c := range []struct {
		s    os.Signal
		want error // what serve returns
	}{{os.Interrupt, errDown}, {syscall.SIGTERM, context.Canceled}} {
		s, want := c.s, c.want
		interleave.Explore(t, func(t *testing.T) {
			when := "the signal " + s.String() + " came at 1s, and serve took 20000h more to return"
			signals, day := new(bell), open()
			var err error
			exam.Together(
				func() {
					err = daemon.Run(signals, func(ctx context.Context) error {
						if asked(t, ctx, "the signal "+s.String()+" came at 1s") {
							exam.Equal(t, "time when serve's ctx ended", day.now(), "1s", when)
							time.Sleep(2 * age)
						}
						return want
					})
					exam.Equal(t, "time when Run returned", day.now(), "20000h0m1s", when)
				},
				func() { time.Sleep(second); signals.ring(s) },
			)
			exam.SameError(t, "Run(signals, serve)", err, want, when+", with that error")
		})
	}
}

// TestRunMissesNoSignal checks that a signal counts from the moment when serve begins.
//
//grade:todo 8.4
//grade:points 2
//grade:needs TestRunStopsGracefully
func TestRunMissesNoSignal(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		signals := new(bell)
		err := daemon.Run(signals, func(ctx context.Context) error {
			signals.ring(os.Interrupt)
			asked(t, ctx, "a signal came as serve began")
			return nil
		})
		exam.Error(t, "Run(signals, serve)", err, nil, "a signal came as serve began, and serve returned nil")
	})
}

// TestRunSecondSignalForces checks that Run returns at the second signal, however soon, and leaves nothing behind in the end.
//
//grade:todo 8.4
//grade:points 3
//grade:needs TestRunMissesNoSignal
func TestRunSecondSignalForces(t *testing.T) {
	for _, two := range [][2]os.Signal{
		{syscall.SIGTERM, os.Interrupt},
		{os.Interrupt, syscall.SIGTERM},
		{os.Interrupt, os.Interrupt},
		{syscall.SIGTERM, syscall.SIGTERM},
	} {
		interleave.Explore(t, func(t *testing.T) {
			when := fmt.Sprintf("the signals %q came at 1s and 2s, and serve went on until 10s", two)
			signals, day := new(bell), open()
			exam.Together(
				func() {
					err := daemon.Run(signals, func(context.Context) error { time.Sleep(10 * second); return nil })
					exam.Error(t, "Run(signals, serve)", err, daemon.ErrForced, when)
					exam.Equal(t, "time when Run returned", day.now(), "2s", when)
				},
				func() {
					for _, s := range two {
						time.Sleep(second)
						signals.ring(s)
					}
				},
			)
			time.Sleep(20 * second)
		})
	}
	interleave.Explore(t, func(t *testing.T) {
		const when = "two signals came one right after the other as serve began, and it went on until 10s"
		signals, day := new(bell), open()
		err := daemon.Run(signals, func(context.Context) error {
			signals.ring(os.Interrupt)
			signals.ring(os.Interrupt)
			time.Sleep(10 * second)
			return nil
		})
		exam.Error(t, "Run(signals, serve)", err, daemon.ErrForced, when)
		exam.Equal(t, "time when Run returned", day.now(), "0s", when)
		time.Sleep(20 * second)
	})
}

// TestRunLetsGo checks that Run asks for its two signals only, and gives them back before it returns.
//
//grade:todo 8.4
//grade:points 1
//grade:needs TestRunSecondSignalForces
func TestRunLetsGo(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		signals := new(bell)
		daemon.Run(signals, func(ctx context.Context) error {
			if signals.listeners() == 0 {
				t.Errorf("Run has not called signals.Notify when serve begins, want it to")
			} else {
				exam.Equal(t, "signals that Run asks for", signals.signals(), "interrupt, terminated", "all others are left to whoever wants them")
			}
			signals.ring(syscall.SIGHUP)
			time.Sleep(second)
			exam.Error(t, "ctx.Err() in serve", ctx.Err(), nil, "a signal came, but hangup, which Run does not ask for")
			return nil
		})
		exam.Equal(t, "calls of Notify without a Stop", signals.listeners(), 0, "Run has returned; signals that still go there do not end the program any more")
	})
	interleave.Explore(t, func(t *testing.T) {
		signals := new(bell)
		var err error
		exam.Together(
			func() { err = daemon.Run(signals, func(context.Context) error { return errDown }) },
			func() { signals.ring(os.Interrupt) },
		)
		exam.SameError(t, "Run(signals, serve)", err, errDown, "a signal came as serve returned that error")
		exam.Equal(t, "calls of Notify without a Stop", signals.listeners(), 0, "Run has returned; a signal came as serve returned")
	})
	interleave.Explore(t, func(t *testing.T) {
		const when = "serve called Run again; when that had returned, a signal came"
		signals := new(bell)
		err := daemon.Run(signals, func(ctx context.Context) error {
			daemon.Run(signals, func(context.Context) error { return nil })
			signals.ring(os.Interrupt)
			asked(t, ctx, when)
			return nil
		})
		exam.Error(t, "Run(signals, serve)", err, nil, when)
	})
	interleave.Explore(t, func(t *testing.T) {
		signals := new(bell)
		daemon.Run(signals, func(ctx context.Context) error {
			signals.ring(os.Interrupt)
			time.Sleep(second)
			signals.ring(os.Interrupt)
			time.Sleep(second)
			return nil
		})
		exam.Equal(t, "calls of Notify without a Stop", signals.listeners(), 0, "Run has returned after two signals; a third one should end the program")
		time.Sleep(10 * second)
	})
}
