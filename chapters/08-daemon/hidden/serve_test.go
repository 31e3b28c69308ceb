//go:build grade

package hidden

import (
	"fmt"
	"os"
	"strings"
	"syscall"
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

// A step is what happens to a Serve: a signal comes, lines is closed, or a line is offered.
type step struct {
	at   time.Duration
	what string
}

func (s step) String() string { return fmt.Sprintf("%v %s", s.at, s.what) }

const (
	sigint  = "SIGINT"
	sigterm = "SIGTERM"
	closes  = "close(lines)"
)

// take takes the steps, each when it is time, and returns the last one.
func take(steps []step, signals *bell, lines chan<- string, gone <-chan struct{}) (last step) {
	start := time.Now()
	for _, s := range steps {
		time.Sleep(s.at - time.Since(start))
		last = s
		switch s.what {
		case sigint:
			signals.ring(os.Interrupt)
		case sigterm:
			signals.ring(syscall.SIGTERM)
		case closes:
			close(lines)
		default:
			offer(lines, s.what, gone)
		}
	}
	return last
}

// over waits until gone is closed, after the last step. If that takes longer than patience it
// fails the test, and closes lines, if they are not: a Serve that is deaf to signals ends then.
func over(t *testing.T, patience time.Duration, last step, lines chan<- string, gone <-chan struct{}, when string) {
	select {
	case <-gone:
	case <-time.After(patience):
		t.Errorf("Serve has not returned %v after %s, want it to: %s", patience, last.what, when)
		if last.what != closes {
			close(lines)
		}
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
		batches := make(chan []string, 20) // kept by write
		lines, gone := make(chan string), make(chan struct{})
		exam.Together(
			func() {
				defer close(gone)
				write := func(lines []string) {
					written.writes()(lines)
					batches <- lines
				}
				err := daemon.Serve(new(bell), lines, second, write, func() { beats.note() })
				exam.Error(t, "Serve(...)", err, nil, when)
				exam.Equal(t, "writes when Serve returned", written.String(), `1s a "" b, 2.7s c`, when)
				var kept [][]string
				for len(batches) > 0 {
					kept = append(kept, <-batches)
				}
				exam.Equal(t, "lines that write has kept", fmt.Sprintf("%q", kept), `[["a" "" "b"] ["c"]]`, when)
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
	for _, end := range []string{closes, sigint} {
		interleave.Explore(t, func(t *testing.T) {
			when := "Serve took a line, and then at once: " + end
			var written box
			signals, lines, gone := new(bell), make(chan string), make(chan struct{})
			exam.Together(
				func() {
					defer close(gone)
					err := daemon.Serve(signals, lines, hour, written.write, func() {})
					exam.Error(t, "Serve(...)", err, nil, when)
					exam.Equal(t, "lines written when Serve returned", written.of("a"), "a", when)
				},
				func() {
					if !offer(lines, "a", gone) {
						return
					}
					over(t, 24*hour, take([]step{{0, end}}, signals, lines, gone), lines, gone, when)
				},
			)
		})
	}
}

// TestServeBeatsToTheEnd checks that a signal ends the taking of lines first, and the beating last.
//
//grade:todo 8.5
//grade:points 3
//grade:needs TestServeLosesNoLine
func TestServeBeatsToTheEnd(t *testing.T) {
	const minute = hour / 60
	for _, c := range []struct {
		every, takes time.Duration // from beat to beat, and a write
		steps        []step
		writes       string
		beats        string
		end          string // when Serve returns
	}{
		{hour, 170 * minute, []step{{0, "a"}, {30 * minute, sigint}}, "30m0s begins a, 3h20m0s ends a", "1h0m0s, 2h0m0s, 3h0m0s", "3h20m0s"},
		{hour, 170 * minute, []step{{0, "a"}, {30 * minute, closes}, {40 * minute, sigterm}}, "30m0s begins a, 3h20m0s ends a", "1h0m0s, 2h0m0s, 3h0m0s", "3h20m0s"},
		{hour, 170 * minute, []step{{0, "a"}, {70 * minute, "b"}, {80 * minute, sigterm}},
			"1h0m0s begins a, 3h50m0s ends a, 3h50m0s begins b, 6h40m0s ends b",
			"1h0m0s, 2h0m0s, 3h0m0s, 4h0m0s, 5h0m0s, 6h0m0s", "6h40m0s"},
		{age, 2 * age, []step{{0, "a"}, {hour, sigint}}, "1h0m0s begins a, 20001h0m0s ends a", "10000h0m0s, 20000h0m0s", "20001h0m0s"},
		{age, 2 * age, []step{{0, "a"}, {hour, closes}}, "1h0m0s begins a, 20001h0m0s ends a", "10000h0m0s, 20000h0m0s", "20001h0m0s"},
	} {
		options := few
		if len(c.steps) == 2 {
			options = nil // here it does matter
		}
		interleave.Explore(t, func(t *testing.T) {
			when := fmt.Sprintf("Serve(..., %v, ...) at 0s; %q; a write takes %v", c.every, c.steps, c.takes)
			written, beats := open(), open()
			signals, lines, gone := new(bell), make(chan string), make(chan struct{})
			exam.Together(
				func() {
					defer close(gone)
					err := daemon.Serve(signals, lines, c.every, written.slowly(c.takes), func() { beats.note() })
					exam.Error(t, "Serve(...)", err, nil, when)
					exam.Equal(t, "writes when Serve returned", written.String(), c.writes, when)
					exam.Equal(t, "beats when Serve returned", beats.String(), c.beats, when+"; the heart beats until the last line is written")
					exam.Equal(t, "time when Serve returned", written.now(), c.end, when)
				},
				func() {
					last := take(c.steps, signals, lines, gone)
					if last.what == sigint {
						time.Sleep(minute)
						exam.Equal(t, "a line offered 1m after the signal was taken", offer(lines, "late", gone), false, when)
					}
					if c.steps[1].what != closes {
						over(t, 9*c.takes, last, lines, gone, when)
					}
				},
			)
			time.Sleep(3 * c.every)
			exam.Equal(t, fmt.Sprintf("beats until %v later", 3*c.every), beats.String(), c.beats, when+", and Serve has returned")
		}, options...)
	}
	for _, end := range []string{sigint, closes} {
		interleave.Explore(t, func(t *testing.T) {
			steps := []step{{0, "a"}, {12 * tenth, "b"}, {22 * tenth, end}}
			when := fmt.Sprintf("Serve(..., 1s, ...) at 0s; %q; a beat takes from 1s to 2.7s, and a write no time", steps)
			written, beats := open(), open()
			signals, lines, gone := new(bell), make(chan string), make(chan struct{})
			exam.Together(
				func() {
					defer close(gone)
					daemon.Serve(signals, lines, second, written.writes(), func() {
						beats.note("begins")
						time.Sleep(17 * tenth)
						beats.note("ends")
					})
					exam.Equal(t, "writes when Serve returned", written.String(), "1s a, 2s b", when)
					exam.Equal(t, "beats when Serve returned", beats.String(), "1s begins, 2.7s ends", when)
				},
				func() { take(steps, signals, lines, gone) },
			)
			time.Sleep(3 * second)
		}, few...)
	}
}

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
		{0, []step{{0, "a"}, {5 * tenth, sigterm}, {15 * tenth, sigint}}, []string{"500ms begins a, 9.5s ends a"}},
		{0, []step{{0, "a"}, {11 * tenth, "b"}, {12 * tenth, sigint}, {15 * tenth, sigterm}}, []string{
			"1s begins a, 10s ends a",
			"1s begins a, 10s ends a, 10s begins b, 19s ends b",
		}},
		{9 * second, []step{{0, "a"}, {5 * tenth, sigint}, {15 * tenth, sigint}}, []string{"500ms begins a, 9.5s ends a"}},
		{9 * second, []step{{0, "a"}, {3 * tenth, closes}, {5 * tenth, sigterm}, {15 * tenth, sigterm}}, []string{"300ms begins a, 9.3s ends a"}},
		{0, []step{{0, "a"}, {15 * tenth, sigint}, {15 * tenth, sigterm}}, []string{"1s begins a, 10s ends a"}},
		{9 * second, []step{{12 * tenth, sigint}, {15 * tenth, sigint}}, []string{"none"}},
		{9 * second, []step{{12 * tenth, closes}, {13 * tenth, sigterm}, {15 * tenth, sigint}}, []string{"none"}},
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
					exam.Equal(t, "calls of Notify without a Stop", signals.listeners(), 0, "Serve has returned after two signals; a third one should end the program")
				},
				func() { take(c.steps, signals, lines, gone) },
			)
			time.Sleep(60 * second)
			exam.OneOf(t, "writes", written.String(), c.want, when+"; nobody can stop a write")
		}, few...)
	}
}
