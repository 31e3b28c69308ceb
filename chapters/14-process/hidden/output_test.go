//go:build grade

package hidden

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"testing"
	"time"

	process "lockstep/chapters/14-process"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// write writes text and checks what Write returns.
func write(t *testing.T, o *process.Output, text, when string) {
	t.Helper()
	n, err := o.Write([]byte(text))
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
		o := process.NewOutput(5)
		holds := func(text string, dropped int, when string) {
			t.Helper()
			exam.Equal(t, "String()", o.String(), text, when)
			exam.Equal(t, "Dropped()", o.Dropped(), dropped, when)
		}
		holds("", 0, "nothing has been written")
		reused := []byte("ab")
		o.Write(reused)
		copy(reused, "XY")
		holds("ab", 0, `after Write("ab") with room for 5; the caller has used its slice for other things since`)
		write(t, o, "cde", "there is room for just that much")
		holds("abcde", 0, `after "ab" and "cde" with room for 5`)
		write(t, o, "", "there is no room left")
		holds("abcde", 0, `after "ab", "cde" and "" with room for 5`)
		write(t, o, "f", "there is no room left")
		holds("abcde", 1, `after "ab", "cde" and "f" with room for 5`)

		o = process.NewOutput(5)
		write(t, o, "abcdefg", "there is room for 5")
		write(t, o, "hi", "there is no room left")
		holds("abcde", 4, `after "abcdefg" and "hi" with room for 5`)

		o = process.NewOutput(0)
		write(t, o, "abc", "there is no room at all")
		holds("", 3, `after "abc" with room for 0`)

		o = process.NewOutput(5)
		write(t, o, "abc", "there is room for 5")
		o.Close()
		o.Close()
		n, err := o.Write([]byte("defg"))
		exam.Equal(t, `Write("defg")`, n, 0, "after Close")
		exam.Error(t, `Write("defg")`, err, os.ErrClosed, "after Close")
		holds("abc", 0, `after "abc", Close twice, and a refused "defg"`)
	})
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
}

// TestAwaitIsWoken checks that everybody who waits for a text hears of it, and of nothing else.
//
//grade:todo 14.1
//grade:points 2
//grade:needs TestAwaitFindsText
func TestAwaitIsWoken(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		o := process.NewOutput(100)
		ctx := context.Background()
		var first, second, third error
		exam.Together(
			func() { first = o.Await(ctx, "ab") },
			func() { second = o.Await(ctx, "abc") },
			func() { third = o.Await(ctx, "nothing") },
			func() { o.Write([]byte("a")); o.Write([]byte("bc")); o.Close() },
		)
		const when = `while "a" and then "bc" are written, and then the Output is closed`
		exam.Error(t, `Await(ctx, "ab")`, first, nil, when)
		exam.Error(t, `Await(ctx, "abc")`, second, nil, when)
		exam.Error(t, `Await(ctx, "nothing")`, third, io.EOF, when)
	})
	interleave.Explore(t, func(t *testing.T) { // nothing but the writes wakes them here
		o := process.NewOutput(100)
		var first, second error
		exam.Together(
			func() { first = o.Await(context.Background(), "rea") },
			func() { second = o.Await(context.Background(), "ready") },
			func() { o.Write([]byte("rea")); o.Write([]byte("dy")) },
		)
		const when = `while "rea" and then "dy" are written`
		exam.Error(t, `Await(ctx, "rea")`, first, nil, when)
		exam.Error(t, `Await(ctx, "ready")`, second, nil, when)
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
}
