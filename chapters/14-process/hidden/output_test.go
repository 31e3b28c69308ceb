//go:build grade

package hidden

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	process "lockstep/chapters/14-process"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// write writes text and checks what Write returns. Then it uses its slice for other things.
func write(t *testing.T, o *process.Output, text, when string) {
	t.Helper()
	data := []byte(text)
	n, err := o.Write(data)
	for i := range data {
		data[i] = '#'
	}
	call := fmt.Sprintf("Write(%q)", text)
	exam.Equal(t, call, n, len(text), when)
	exam.Error(t, call, err, nil, when)
}

// errCause is why contexts end here, which Err does not say.
var errCause = errors.New("cause, which is not what Err says")

// TestOutputKeepsTheBeginning checks that an Output keeps what there is room for and counts the rest.
//
//grade:todo 14.1
//grade:points 1
func TestOutputKeepsTheBeginning(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		holds := func(o *process.Output, text string, dropped int, when string) {
			t.Helper()
			exam.Equal(t, "String()", o.String(), text, when)
			exam.Equal(t, "Dropped()", o.Dropped(), dropped, when)
		}
		other := process.NewOutput(5)
		write(t, other, "other", "there is room for just that much")
		for _, c := range []struct {
			room  int
			texts []string
		}{
			{5, []string{"ab", "cde", "", "f"}}, // full, and then more
			{5, []string{"abcdefg", "hi"}},      // a cut, and then more
			{5, []string{"abc"}},                // room is left
			{3, []string{"abc"}},                // just full
			{0, []string{"", "abc"}},
			{3, []string{"a€", "é"}},             // bytes: a cut in the midst of a letter
			{math.MaxInt, []string{"ab", "cde"}}, // no limit
		} {
			o, all := process.NewOutput(c.room), ""
			holds(o, "", 0, fmt.Sprintf("NewOutput(%d), and nothing has been written", c.room))
			when := fmt.Sprintf("after %q with room for %d", c.texts, c.room)
			for i, text := range c.texts {
				written := fmt.Sprintf("after %q with room for %d", c.texts[:i], c.room)
				write(t, o, text, written)
				all += text
				fits := min(len(all), c.room)
				written = fmt.Sprintf("after %q with room for %d; the caller has used its slice for other things since", c.texts[:i+1], c.room)
				holds(o, all[:fits], len(all)-fits, written)
			}
			o.Close()
			o.Close()
			for _, text := range []string{"xyz", ""} {
				n, err := o.Write([]byte(text))
				call := fmt.Sprintf("Write(%q)", text)
				exam.Equal(t, call, n, 0, when+", and Close")
				exam.Error(t, call, err, os.ErrClosed, when+", and Close")
			}
			fits := min(len(all), c.room)
			holds(o, all[:fits], len(all)-fits, when+`, Close twice, and a refused "xyz"`)
		}
		write(t, other, "x", "it is full; others have been closed")
		holds(other, "other", 1, `after "other" and "x" with room for 5; others have been used meanwhile`)
	})

	const mega, times = 1 << 20, 16
	o, data := process.NewOutput(8), make([]byte, mega)
	before := heap()
	for range times {
		o.Write(data)
	}
	if kept := heap() - before; kept > times/2*mega {
		t.Errorf("the Output keeps %d bytes of memory: there is room for 8, and 1 MiB has been written %d times", kept, times)
	}
	runtime.KeepAlive(o)
	runtime.KeepAlive(data)

	const many = 1000
	var outputs [many]*process.Output
	before = heap()
	for i := range outputs {
		outputs[i] = process.NewOutput(mega)
	}
	if taken := heap() - before; taken > many*4096 {
		t.Errorf("%d Outputs with room for 1 MiB take %d bytes of memory: nothing has been written", many, taken)
	}
	runtime.KeepAlive(&outputs)
}

// heap returns how many bytes of memory are in use.
func heap() int {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int(stats.HeapAlloc)
}

// TestOutputAtTheSameTime checks that two may write while others read, and no byte is lost.
//
//grade:todo 14.1
//grade:points 1
//grade:needs TestOutputKeepsTheBeginning
func TestOutputAtTheSameTime(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		o := process.NewOutput(5)
		var seen string
		var dropped int
		exam.Together(
			func() { write(t, o, "ab", "while another writes"); write(t, o, "ab", "while another writes") },
			func() { write(t, o, "xyz", "while another writes") },
			func() { seen = o.String(); dropped = o.Dropped() },
		)
		const when = `while one writes "ab" twice and another "xyz", with room for 5`
		exam.OneOf(t, "String()", seen, []string{"", "ab", "xyz", "abab", "abxyz", "xyzab", "ababx"}, when)
		exam.OneOf(t, "Dropped()", dropped, []int{0, 2}, when)
		exam.OneOf(t, "String()", o.String(), []string{"ababx", "abxyz", "xyzab"}, "after that")
		exam.Equal(t, "Dropped()", o.Dropped(), 2, "after that")
	})
	interleave.Explore(t, func(t *testing.T) {
		o := process.NewOutput(2)
		var seen string
		var dropped, n int
		var err error
		exam.Together(
			func() { o.Close() },
			func() { o.Close(); seen = o.String(); dropped = o.Dropped() },
			func() { n, err = o.Write([]byte("abc")) },
		)
		const when = `while one writes "abc", with room for 2, and two call Close`
		want := "" // closed before
		if n != 0 || err == nil {
			exam.Equal(t, `Write("abc")`, n, 3, when)
			exam.Error(t, `Write("abc")`, err, nil, when)
			want = "ab"
		} else {
			exam.Error(t, `Write("abc")`, err, os.ErrClosed, when)
		}
		exam.Equal(t, "String()", seen, want, "after Close, "+when)
		exam.Equal(t, "Dropped()", dropped, len(want)/2, "after Close, "+when)
	})
}

// TestAwaitFindsText checks that Await returns at once when the text is there, in however many pieces it came.
//
//grade:todo 14.1
//grade:points 1
//grade:needs TestOutputKeepsTheBeginning
func TestAwaitFindsText(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		ended, cancel := context.WithCancel(context.Background())
		cancel()
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		o := process.NewOutput(10)
		exam.Error(t, `Await(ctx, "")`, o.Await(ctx, ""), nil, "nothing has been written, and nothing is wanted")
		write(t, o, "now rea", "there is room")
		exam.Error(t, `Await(ctx, "ready")`, o.Await(ended, "ready"), context.Canceled, `"now rea" is there, and ctx has ended`)
		write(t, o, "dy and more", "there is room for some of it")
		exam.Error(t, `Await(ctx, "ready")`, o.Await(ctx, "ready"), nil, `"now rea" and "dy and more" have been written`)
		exam.Error(t, `Await(ctx, "ready")`, o.Await(ended, "ready"), nil, "the text is there, and ctx has ended long ago")
		exam.Error(t, `Await(ctx, "more")`, o.Await(ctx, "more"), context.DeadlineExceeded, "there was no room for that, and ctx ends after a second")
		o.Close()
		exam.Error(t, `Await(ctx, "ready")`, o.Await(ended, "ready"), nil, "the text is there, ctx has ended and the Output is closed")
		live := context.Background()
		exam.Error(t, `Await(ctx, "more")`, o.Await(live, "more"), io.EOF, "it is not there, and the Output is closed")
	})
	for _, c := range []struct {
		room  int
		texts []string // are written
		there []string
		not   []string
	}{
		{5, nil, []string{""}, []string{"a"}},
		{100, []string{"a", "b", "", "c"}, []string{"abc", "bc", "c"}, []string{"ac", "abcd"}},
		{100, []string{"aaa", "ab"}, []string{"aab", "aaaab"}, []string{"aba"}},
		{8, []string{"listening on port 80"}, []string{"listenin"}, []string{"listening", "port"}}, // a cut
		{8, []string{"12345678", "90"}, []string{"78"}, []string{"789", "90"}},                     // just full
		{0, []string{"a"}, []string{""}, []string{"a"}},
	} {
		interleave.Explore(t, func(t *testing.T) {
			ended, cancel := context.WithCancel(context.Background())
			cancel()
			o := process.NewOutput(c.room)
			when := fmt.Sprintf("with room for %d, %q have been written", c.room, c.texts)
			for _, text := range c.texts {
				write(t, o, text, when)
			}
			await := func(ctx context.Context, text string, want error, when string) {
				t.Helper()
				exam.Error(t, fmt.Sprintf("Await(ctx, %q)", text), o.Await(ctx, text), want, when)
			}
			for _, text := range c.there {
				await(exam.Endless(), text, nil, when)
			}
			for _, text := range c.not {
				await(ended, text, context.Canceled, when+", and ctx has ended")
			}
			o.Close()
			for _, text := range c.there {
				await(ended, text, nil, when+", the Output is closed, and ctx has ended")
			}
			for _, text := range c.not {
				await(exam.Endless(), text, io.EOF, when+", and the Output is closed")
			}
		})
	}
}

// TestAwaitIsWoken checks that everybody who waits for a text hears of it, and of nothing else.
//
//grade:todo 14.1
//grade:points 2
//grade:needs TestAwaitFindsText
func TestAwaitIsWoken(t *testing.T) {
	for _, c := range []struct {
		room   int
		texts  []string // are written
		wanted []string
		closed bool // after that; else nothing but the writes wakes them
	}{
		{100, []string{"a", "bc"}, []string{"ab", "abc", "nothing"}, true},
		{100, []string{"rea", "dy"}, []string{"rea", "ready"}, false},
		{100, []string{"ready"}, []string{"ready", "ready"}, false},
		{8, []string{"ready and more"}, []string{"ready", "ready an"}, false}, // a cut
		{5, []string{"rea", "dy and more"}, []string{"ready", "more"}, true},  // likewise, over two writes
		{5, []string{"ready", "more"}, []string{"ready", "more"}, true},       // just full
		{0, []string{"ready"}, []string{"ready"}, true},
	} {
		interleave.Explore(t, func(t *testing.T) {
			o := process.NewOutput(c.room)
			when := fmt.Sprintf("with room for %d, %q are written meanwhile", c.room, c.texts)
			all := []func(){func() {
				for _, text := range c.texts {
					o.Write([]byte(text))
				}
				if c.closed {
					o.Close()
				}
			}}
			if c.closed {
				when += ", and then the Output is closed"
			}
			errs := make([]error, len(c.wanted))
			for i, text := range c.wanted {
				all = append(all, func() { errs[i] = o.Await(context.Background(), text) })
			}
			exam.Together(all...)
			for i, text := range c.wanted {
				want := io.EOF
				if strings.Contains(o.String(), text) {
					want = nil
				}
				exam.Error(t, fmt.Sprintf("Await(ctx, %q)", text), errs[i], want, when)
			}
		})
	}
	interleave.Explore(t, func(t *testing.T) { // again, and beside another one
		o, other := process.NewOutput(100), process.NewOutput(100)
		var first, again, beside error
		exam.Together(
			func() { first = o.Await(context.Background(), "a"); again = o.Await(context.Background(), "ab") },
			func() { beside = other.Await(context.Background(), "ab") },
			func() { o.Write([]byte("a")); o.Write([]byte("b")); other.Close() },
		)
		const when = `while "a" and then "b" are written, and then another Output is closed`
		exam.Error(t, `Await(ctx, "a")`, first, nil, when)
		exam.Error(t, `Await(ctx, "ab")`, again, nil, when+"; it has waited for the first before")
		exam.Error(t, `Await(ctx, "ab")`, beside, io.EOF, `while "a" and "b" are written to another Output, and then this one is closed`)
	})
}

// TestAwaitGivesUp checks that Await ends with its context, and still prefers a text that came before.
//
//grade:todo 14.1
//grade:points 2
//grade:needs TestAwaitIsWoken
func TestAwaitGivesUp(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		o := process.NewOutput(100)
		ctx, cancel := context.WithCancelCause(context.Background())
		defer cancel(nil)
		var there, other, longer error
		exam.Together(
			func() { there = o.Await(ctx, "ready") },
			func() { other = o.Await(ctx, "nothing") },
			func() { write(t, o, "ready", "there is room"); cancel(errCause) },
		)
		exam.Error(t, `Await(ctx, "ready")`, there, nil, "the text is written, and then ctx ends")
		exam.Error(t, `Await(ctx, "nothing")`, other, context.Canceled, "another text is written, and then ctx ends")

		began := time.Now()
		soon, stop := context.WithTimeoutCause(context.Background(), time.Second, errCause)
		defer stop()
		exam.Together(
			func() { longer = o.Await(soon, "nothing") },
			func() { time.Sleep(time.Millisecond); write(t, o, "more", "somebody waits for another text") },
		)
		const when = "ctx ends after a second; another text comes after a millisecond"
		exam.Error(t, `Await(ctx, "nothing")`, longer, context.DeadlineExceeded, when)
		exam.Equal(t, "time that Await has taken", time.Since(began).Round(100*time.Millisecond), time.Second, when)
	})
	interleave.Explore(t, func(t *testing.T) {
		o := process.NewOutput(100)
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		var err error
		exam.Together(
			func() { err = o.Await(ctx, "ready") },
			func() { o.Close() },
			func() { cancel() },
		)
		if !errors.Is(err, io.EOF) && !errors.Is(err, context.Canceled) {
			t.Errorf(`Await(ctx, "ready") = %v, want io.EOF or context canceled: while the Output is closed and ctx ends`, err)
		}
	})
	interleave.Explore(t, func(t *testing.T) { // who gives up takes nobody with him
		o := process.NewOutput(100)
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		var gone, again, stays error
		exam.Together(
			func() { gone = o.Await(ctx, "ready"); again = o.Await(context.Background(), "ready") },
			func() { stays = o.Await(context.Background(), "ready") },
			func() { cancel(); o.Write([]byte("ready")) },
		)
		const when = "the ctx of one who waits ends, and then the text is written"
		if gone != nil {
			exam.Error(t, `Await(ctx, "ready")`, gone, context.Canceled, when)
		}
		exam.Error(t, `Await(ctx, "ready")`, again, nil, when+"; he waits again, with another ctx")
		exam.Error(t, `Await(ctx, "ready")`, stays, nil, when+"; this is another who waits")
	})
	interleave.Explore(t, func(t *testing.T) { // nor does he wait for others
		o := process.NewOutput(100)
		soon, stop := context.WithTimeout(context.Background(), time.Second)
		defer stop()
		exam.Together(
			func() {
				exam.Error(t, `Await(ctx, "ready")`, o.Await(context.Background(), "ready"), nil, "it waited until the text was written")
			},
			func() {
				time.Sleep(time.Millisecond) // until the other one waits
				const when = "ctx ends after a second, and another one waits, whose ctx does not end"
				exam.Error(t, `Await(ctx, "ready")`, o.Await(soon, "ready"), context.DeadlineExceeded, when)
				write(t, o, "ready", "one waits for it")
			},
		)
	})
	interleave.Explore(t, func(t *testing.T) { // and who has gone keeps nobody waiting
		o := process.NewOutput(100)
		ended, cancel := context.WithCancel(context.Background())
		cancel()
		soon, stop := context.WithTimeout(context.Background(), 50*time.Millisecond)
		defer stop()
		exam.Error(t, `Await(ctx, "")`, o.Await(ended, ""), nil, "that is there")
		exam.Error(t, `Await(ctx, "nothing")`, o.Await(ended, "nothing"), context.Canceled, "ctx has ended before")
		exam.Error(t, `Await(ctx, "nothing")`, o.Await(soon, "nothing"), context.DeadlineExceeded, "ctx ends after 50ms")
		for i := range 1000 {
			write(t, o, "x", fmt.Sprintf("write number %d, and the three who have waited for a text have gone before the first", i+1))
		}
	})
}
