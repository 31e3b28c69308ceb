//go:build grade

package hidden

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	daemon "lockstep/chapters/08-daemon"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// offer sends line unless gone is closed before, and reports whether it was taken.
func offer(lines chan<- string, line string, gone <-chan struct{}) bool {
	select {
	case lines <- line:
		return true
	case <-gone:
		return false
	}
}

// TestServeWritesAll checks that Serve writes all lines and beats meanwhile, until the channel is closed.
//
//grade:todo 8.5
//grade:points 2
//grade:needs TestHeartbeatLastBeat TestStopWaitsForTheWrite TestRunStopsGracefully
func TestServeWritesAll(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		const when = `Serve(..., 1s, ...) at 0s; lines "a" at 0.5s, "" and "b" at 0.7s, "c" at 2.5s; the channel is closed at 2.7s`
		written, beats := open(), open()
		lines, gone := make(chan string), make(chan struct{})
		exam.Together(
			func() {
				defer close(gone)
				err := daemon.Serve(new(bell), lines, second, written.writes(), func() { beats.note() })
				exam.Error(t, "Serve(...)", err, nil, when)
				exam.Equal(t, "writes when Serve returned", written.String(), `1s a "" b, 2.7s c`, when)
				exam.Equal(t, "time when Serve returned", written.now(), "2.7s", when)
			},
			func() {
				time.Sleep(5 * tenth)
				offer(lines, "a", gone)
				time.Sleep(2 * tenth)
				offer(lines, "", gone)
				offer(lines, "b", gone)
				time.Sleep(18 * tenth)
				offer(lines, "c", gone)
				time.Sleep(2 * tenth)
				close(lines)
			},
		)
		time.Sleep(3 * second)
		exam.Equal(t, "beats until 5.7s", beats.String(), "1s, 2s", when)
	})
}

// TestServeLosesNoLine checks that each line that Serve takes is written, also if a signal comes with it.
//
//grade:todo 8.5
//grade:points 3
//grade:needs TestServeWritesAll
func TestServeLosesNoLine(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		var written box
		var taken []string
		signals, lines, gone := new(bell), make(chan string), make(chan struct{})
		exam.Together(
			func() {
				defer close(gone)
				err := daemon.Serve(signals, lines, second, written.write, func() {})
				exam.Error(t, "Serve(...)", err, nil, "one signal came")
			},
			func() {
				for _, line := range []string{"a1", "a2"} {
					if offer(lines, line, gone) {
						taken = append(taken, line)
					}
					time.Sleep(tenth)
				}
			},
			func() {
				time.Sleep(tenth)
				signals.ring(os.Interrupt)
				select {
				case <-gone:
				case <-time.After(10 * second):
					t.Errorf("Serve has not returned 10s after a signal, want it to: it has nothing else to do")
					close(lines)
				}
			},
		)
		exam.Equal(t, "lines written", written.of("a"), strings.Join(taken, " "), "Serve has returned, and those are the lines it took; a signal came at the same time")
	})
}

// TestServeBeatsToTheEnd checks that a signal ends the taking of lines first, and the beating last.
//
//grade:todo 8.5
//grade:points 3
//grade:needs TestServeLosesNoLine
func TestServeBeatsToTheEnd(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		const when = `the line "a" was taken at 0s, a signal came at 0.5s, and write takes 3s`
		written, beats := open(), open()
		signals, lines, gone := new(bell), make(chan string), make(chan struct{})
		exam.Together(
			func() {
				defer close(gone)
				err := daemon.Serve(signals, lines, second, written.slowly(3*second), func() { beats.note() })
				exam.Error(t, "Serve(...)", err, nil, when)
				exam.Equal(t, "writes when Serve returned", written.String(), "500ms begins a, 3.5s ends a", when)
				exam.Equal(t, "beats when Serve returned", beats.String(), "1s, 2s, 3s", when+"; the heart beats until the last line is written")
				exam.Equal(t, "time when Serve returned", written.now(), "3.5s", when)
			},
			func() {
				offer(lines, "a", gone)
				time.Sleep(5 * tenth)
				signals.ring(os.Interrupt)
				time.Sleep(tenth)
				exam.Equal(t, `a line offered at 0.6s was taken`, offer(lines, "b", gone), false, when)
			},
		)
		time.Sleep(3 * second)
		exam.Equal(t, "beats until 6.5s", beats.String(), "1s, 2s, 3s", when+", and Serve has returned")
	})
	interleave.Explore(t, func(t *testing.T) {
		const when = "no line came, a signal came at 1.2s, and a beat takes from 1s to 1.7s"
		beats, signals := open(), new(bell)
		exam.Together(
			func() {
				daemon.Serve(signals, nil, second, func([]string) {}, func() {
					beats.note("begins")
					time.Sleep(7 * tenth)
					beats.note("ends")
				})
				exam.Equal(t, "beats when Serve returned", beats.String(), "1s begins, 1.7s ends", when)
			},
			func() {
				time.Sleep(12 * tenth)
				signals.ring(os.Interrupt)
			},
		)
		time.Sleep(3 * second)
	})
	interleave.Explore(t, func(t *testing.T) {
		const when = "no line came, the channel was closed at 1.2s, and a beat takes from 1s to 1.7s"
		beats, lines := open(), make(chan string)
		exam.Together(
			func() {
				daemon.Serve(new(bell), lines, second, func([]string) {}, func() {
					beats.note("begins")
					time.Sleep(7 * tenth)
					beats.note("ends")
				})
				exam.Equal(t, "beats when Serve returned", beats.String(), "1s begins, 1.7s ends", when)
			},
			func() {
				time.Sleep(12 * tenth)
				close(lines)
			},
		)
		time.Sleep(3 * second)
	})
}

// A step is what happens to a Serve: a signal comes, lines is closed, or a line is offered.
type step struct {
	at   time.Duration
	what string
}

func (s step) String() string { return fmt.Sprintf("%v %s", s.at, s.what) }

const (
	signal = "signal"
	closes = "close(lines)"
)

// TestServeIsForced checks that a second signal ends Serve whatever it waits for, and that all comes to an end then.
//
//grade:todo 8.5
//grade:points 2
//grade:needs TestServeLosesNoLine TestRunSecondSignalForces
func TestServeIsForced(t *testing.T) {
	for _, c := range []struct {
		beat  time.Duration // how long one takes
		steps []step        // the second signal comes at 1.5s
		want  []string      // writes
	}{
		{0, []step{{0, "a"}, {5 * tenth, signal}, {15 * tenth, signal}}, []string{"500ms begins a, 9.5s ends a"}},
		{0, []step{{0, "a"}, {11 * tenth, "b"}, {12 * tenth, signal}, {15 * tenth, signal}}, []string{
			"1s begins a, 10s ends a",
			"1s begins a, 10s ends a, 10s begins b, 19s ends b",
		}},
		{9 * second, []step{{0, "a"}, {5 * tenth, signal}, {15 * tenth, signal}}, []string{"500ms begins a, 9.5s ends a"}},
		{9 * second, []step{{0, "a"}, {3 * tenth, closes}, {5 * tenth, signal}, {15 * tenth, signal}}, []string{"300ms begins a, 9.3s ends a"}},
		{9 * second, []step{{12 * tenth, signal}, {15 * tenth, signal}}, []string{"none"}},
		{9 * second, []step{{12 * tenth, closes}, {13 * tenth, signal}, {15 * tenth, signal}}, []string{"none"}},
	} {
		interleave.Explore(t, func(t *testing.T) {
			when := fmt.Sprintf("%q; a write takes 9s, a beat %v", c.steps, c.beat)
			written := open()
			signals, lines, gone := new(bell), make(chan string), make(chan struct{})
			exam.Together(
				func() {
					defer close(gone)
					err := daemon.Serve(signals, lines, second, written.slowly(9*second), func() { time.Sleep(c.beat) })
					exam.Error(t, "Serve(...)", err, daemon.ErrForced, when)
					exam.Equal(t, "time when Serve returned", written.now(), "1.5s", when)
				},
				func() {
					for _, s := range c.steps {
						time.Sleep(s.at - time.Since(written.opened))
						switch s.what {
						case signal:
							signals.ring(os.Interrupt)
						case closes:
							close(lines)
						default:
							offer(lines, s.what, gone)
						}
					}
				},
			)
			time.Sleep(60 * second)
			exam.OneOf(t, "writes", written.String(), c.want, when+"; nobody can stop a write")
		}, few...)
	}
}
