//go:build grade

package hidden

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"runtime"
	"strings"
	"testing"
	"time"

	producer "lockstep/chapters/11-producer-consumer"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// errDisk is what goes wrong where things are stored.
var errDisk = errors.New("disk full")

// failures are errors with which flush or Store may fail: none means anything else to the caller.
var failures = []error{errDisk, context.Canceled, fmt.Errorf("disk: %w", context.DeadlineExceeded), io.EOF}

// paced returns a producer that puts items, whatever put returns, and pauses in between.
func paced(itemsAndPauses ...any) producer.Producer[string] {
	return func(put func(string) error) {
		for _, next := range itemsAndPauses {
			switch next := next.(type) {
			case string:
				put(next)
			case time.Duration:
				time.Sleep(next)
			}
		}
	}
}

// feed returns a channel without room on which items come, and pauses in between; after
// that it is closed.
func feed(itemsAndPauses ...any) <-chan string {
	items := make(chan string)
	go func() {
		defer close(items)
		paced(itemsAndPauses...)(func(item string) error {
			items <- item
			return nil
		})
	}()
	return items
}

// TestBatch checks that items come in order and in full batches, and the rest when there are no more.
//
//grade:todo 11.4
//grade:points 2
func TestBatch(t *testing.T) {
	for n, want := range []string{"none", "0s a", "0s a b", "0s a b, 0s c", "0s a b, 0s c d", "0s a b, 0s c d, 0s e"} {
		interleave.Explore(t, func(t *testing.T) {
			items := strings.Fields("a b c d e")[:n]
			when := fmt.Sprintf("Batch(items, 2, 1s, flush); items at 0s: %s, and then closed", list(items))
			flushed := openBook()
			var all []any
			for _, item := range items {
				all = append(all, item)
			}
			err := producer.Batch(feed(all...), 2, second, flushed.write)
			exam.Equal(t, "flushes", flushed.String(), want, when)
			exam.Error(t, "Batch(items, 2, 1s, flush)", err, nil, when)
		}, few)
	}
	interleave.Explore(t, func(t *testing.T) {
		flushed := openBook()
		producer.Batch(feed("a", "b", 2*second), 1, second, flushed.write)
		exam.Equal(t, "flushes", flushed.String(), "0s a, 0s b", "Batch(items, 1, 1s, flush); items are a, b, both at 0s, and closed at 2s")
	}, few)
	interleave.Explore(t, func(t *testing.T) {
		var flushed []int
		producer.Batch(filled(0, 0, 1), 2, second, func(batch []int) error {
			flushed = append(flushed, batch...)
			return nil
		})
		exam.Equal(t, "items flushed", list(flushed), "0 0 1", "items are 0, 0, 1")
	}, few)
	interleave.Once(t, func(t *testing.T) {
		var sizes []int
		producer.Batch(filled(make([]int, many+1)...), many, second, func(batch []int) error {
			sizes = append(sizes, len(batch))
			return nil
		})
		exam.Equal(t, "items in each flush", list(sizes), fmt.Sprint(many, " 1"), fmt.Sprintf("Batch(items, %d, 1s, flush), with %d items", many, many+1))
	})
}

// TestBatchesAreTheFlushers checks that flush may keep its batch, and change it.
//
//grade:todo 11.4
//grade:points 1
//grade:needs TestBatch
func TestBatchesAreTheFlushers(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		var kept [][]string
		producer.Batch(filled("a", "b", "c", "d", "e"), 2, second, func(batch []string) error {
			kept = append(kept, batch, append(batch, "x"))
			return nil
		})
		exam.Equal(t, "batches that flush has kept", fmt.Sprint(kept), "[[a b] [a b x] [c d] [c d x] [e] [e x]]", "flush keeps each, and what it gets when it appends x to it")
	}, few)
	interleave.Explore(t, func(t *testing.T) {
		var kept [][]string
		producer.Batch(feed("a", "b", "c", 2*second, "d"), 4, second, func(batch []string) error {
			kept = append(kept, append(batch, "x"))
			return nil
		})
		exam.Equal(t, "what flush has kept", fmt.Sprint(kept), "[[a b c x] [d x]]", "flush appends x to each batch and keeps it; a, b, c at 0s and d at 2s, 4 at a time or after 1s")
	}, few)
}

// timings say when batches of 4 that wait for 1s are due.
var timings = []struct {
	when string
	feed []any
	want string
}{
	{"a at 0s, b at 0.6s, c at 2s, d at 2.3s, end at 2.5s",
		[]any{"a", 6 * tenth, "b", 14 * tenth, "c", 3 * tenth, "d", 2 * tenth}, "1s a b, 2.5s c d"},
	{"a at 0s, end at 5s",
		[]any{"a", 5 * second}, "1s a"},
	{"an item every 0.4s, from a at 0.7s to f at 2.7s, end at 5s",
		[]any{7 * tenth, "a", 4 * tenth, "b", 4 * tenth, "c", 4 * tenth, "d", 4 * tenth, "e", 4 * tenth, "f", 23 * tenth}, "1.7s a b c, 2.9s d e f"},
	{"a, b, c, d at 0.5s, e at 0.7s, f at 1.6s, end at 2s",
		[]any{5 * tenth, "a", "b", "c", "d", 2 * tenth, "e", 9 * tenth, "f", 4 * tenth}, "500ms a b c d, 1.7s e f"},
	{"nothing, end at 3s",
		[]any{3 * second}, "none"},
	{"a at 1.5s, b at 4.7s, end at 7s",
		[]any{15 * tenth, "a", 32 * tenth, "b", 23 * tenth}, "2.5s a, 5.7s b"},
}

// TestBatchTime checks that a batch is flushed when its first item has waited long enough.
//
//grade:todo 11.4
//grade:points 3
//grade:needs TestBatch
func TestBatchTime(t *testing.T) {
	for _, c := range timings {
		interleave.Explore(t, func(t *testing.T) {
			when := "Batch(items, 4, 1s, flush); " + c.when
			flushed, day := openBook(), open()
			producer.Batch(feed(c.feed...), 4, second, flushed.write)
			exam.Equal(t, "flushes", flushed.String(), c.want, when)
			_, end, _ := strings.Cut(c.when, "end at ")
			exam.Equal(t, "time when Batch returns", day.now(), duration(end), when)
		}, few)
	}
	for _, c := range []struct {
		call  string
		wait  time.Duration
		pause time.Duration
		want  string
	}{
		{"Batch(items, 4, 700µs, flush)", 700 * time.Microsecond, 300 * time.Microsecond, "0s a b"},
		{"Batch(items, 4, math.MaxInt64, flush)", math.MaxInt64, 2 * tenth, "700ms a b"},
	} {
		interleave.Explore(t, func(t *testing.T) {
			when := fmt.Sprintf("%s; a at 0s, b %v later, end 0.5s after b", c.call, c.pause)
			flushed := openBook()
			producer.Batch(feed("a", c.pause, "b", 5*tenth), 4, c.wait, flushed.write)
			exam.Equal(t, "flushes", flushed.String(), c.want, when)
		}, clockwork...)
	}
	interleave.Explore(t, func(t *testing.T) {
		before := runtime.NumGoroutine()
		flushed := openBook()
		producer.Batch(filled("a", "b", "c"), 2, 60*second, flushed.write)
		settle()
		const when = "Batch(items, 2, 1m0s, flush) has returned; a, b, c and end at 0s"
		exam.Equal(t, "flushes", flushed.String(), "0s a b, 0s c", when)
		if more := runtime.NumGoroutine() - before; more > 0 {
			t.Errorf("%d goroutines more than before, want none: %s", more, when)
		}
	}, few)
}

// duration writes a duration as time.Duration does.
func duration(s string) string {
	d, _ := time.ParseDuration(s)
	return d.String()
}

// TestBatchOnTheDot checks that nothing is lost when an item or the end comes at the moment when a batch is due.
//
//grade:todo 11.4
//grade:points 2
//grade:needs TestBatchTime
func TestBatchOnTheDot(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		flushed := openBook()
		producer.Batch(feed("a", second, "b"), 3, second, flushed.write)
		exam.OneOf(t, "flushes", flushed.String(), []string{"1s a b", "1s a, 1s b"}, "Batch(items, 3, 1s, flush); a at 0s, b and end at 1s")
	}, few)
	interleave.Explore(t, func(t *testing.T) {
		flushed := openBook()
		producer.Batch(feed("a", second), 3, second, flushed.write)
		exam.Equal(t, "flushes", flushed.String(), "1s a", "Batch(items, 3, 1s, flush); a at 0s, end at 1s")
	}, few)
	interleave.Explore(t, func(t *testing.T) {
		flushed := openBook()
		producer.Batch(feed("a", second, "b", "c", 5*tenth), 2, second, flushed.write)
		exam.OneOf(t, "flushes", flushed.String(), []string{"1s a b, 1.5s c", "1s a, 1s b c"}, "Batch(items, 2, 1s, flush); a at 0s, b and c at 1s, end at 1.5s")
	}, few)
}

// TestBatchHoldsBack checks that nothing is received while flush runs, and the time of what comes after it counts from then.
//
//grade:todo 11.4
//grade:points 2
//grade:needs TestBatchTime
func TestBatchHoldsBack(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		const when = "Batch(items, 2, 1s, flush), and the first flush has not returned"
		var sent exam.Count
		items, end := make(chan string), make(chan struct{})
		go func() {
			defer close(items)
			for _, item := range []string{"a", "b", "c", "d", "e"} {
				items <- item
				sent.Add()
			}
		}()
		exam.Together(
			func() { producer.Batch(items, 2, second, func([]string) error { <-end; return nil }) },
			func() {
				settle()
				exam.Equal(t, "items received from a channel without room", sent.Load(), 2, when)
				time.Sleep(3 * second)
				exam.Equal(t, "items received from a channel without room", sent.Load(), 2, when)
				close(end)
			},
		)
		exam.Equal(t, "items received", sent.Load(), 5, "Batch has returned")
	}, few)
	interleave.Explore(t, func(t *testing.T) {
		flushed := openBook()
		producer.Batch(feed("a", 15*tenth, "b", "c", "d", 4*second), 3, second, flushed.slowly(2*second))
		exam.Equal(t, "flushes", flushed.String(), "1s a, 3s b c d", "Batch(items, 3, 1s, flush), and flush takes 2s; a at 0s, b, c and d at 1.5s, end at 7s")
	}, few)
	interleave.Explore(t, func(t *testing.T) {
		flushed := openBook()
		producer.Batch(feed("a", "b", tenth, "c", 6*second), 2, second, flushed.slowly(2*second))
		exam.Equal(t, "flushes", flushed.String(), "0s a b, 3s c", "Batch(items, 2, 1s, flush), and flush takes 2s; a and b at 0s, c at 0.1s, which is received at 2s")
	}, few)
	interleave.Explore(t, func(t *testing.T) {
		waits, takes, quick := openBook(), openBook(), openBook()
		beside(t, "Batch(items, 2, 1s, flush), with a and b,", []func(){
			func() { producer.Batch(feed("c", second), 2, 2*second, waits.write) },
			func() { producer.Batch(filled("d"), 2, second, takes.slowly(second)) },
		}, func() { producer.Batch(filled("a", "b"), 2, second, quick.write) })
		const when = "Batch is called three times at the same time; c, then end at 1s; d and end; a, b and end"
		exam.Equal(t, "flushes", fmt.Sprint(waits, "; ", takes, "; ", quick), "1s c; 0s d; 0s a b", when)
	}, clockwork...)
}

// TestBatchError checks that Batch ends with the first error of flush.
//
//grade:todo 11.4
//grade:points 2
//grade:needs TestBatchTime
func TestBatchError(t *testing.T) {
	for i, c := range []struct {
		when    string
		size    int
		fails   int // which call of flush
		flushes string
		left    int
	}{
		{"the first flush, of a full batch, fails", 2, 1, "0s a b", 3},
		{"the second flush, of a full batch, fails", 2, 2, "0s a b, 0s c d", 1},
		{"the third flush, of what is left at the end, fails", 2, 3, "0s a b, 0s c d, 0s e", 0},
		{"the only flush, of what is left at the end, fails", 9, 1, "0s a b c d e", 0},
	} {
		interleave.Explore(t, func(t *testing.T) {
			when := fmt.Sprintf("Batch(items, %d, 1s, flush), with a, b, c, d, e; %s", c.size, c.when)
			items := filled("a", "b", "c", "d", "e")
			flushed := openBook()
			err := producer.Batch(items, c.size, second, func(batch []string) error {
				flushed.write(batch)
				if len(flushed.lines) == c.fails {
					return failures[i]
				}
				return nil
			})
			exam.Error(t, "Batch", err, failures[i], when)
			exam.Equal(t, "flushes", flushed.String(), c.flushes, when)
			exam.Equal(t, "items that have not been received", len(items), c.left, when)
		}, few)
	}
	interleave.Explore(t, func(t *testing.T) {
		day := open()
		items := make(chan string, 1)
		items <- "a"
		err := producer.Batch(items, 2, second, func([]string) error {
			items <- "b"
			return errDisk
		})
		const when = "a at 0s, and then nothing; the flush at 1s fails, and b comes while it runs"
		exam.Error(t, "Batch(items, 2, 1s, flush)", err, errDisk, when)
		exam.Equal(t, "time when Batch returns", day.now(), "1s", when)
		exam.Equal(t, "items that have not been received", len(items), 1, when)
	}, few)
}
