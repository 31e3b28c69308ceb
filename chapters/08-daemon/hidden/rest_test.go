//go:build grade

package hidden

import (
	"fmt"
	"strings"
	"testing"
	"time"

	daemon "lockstep/chapters/08-daemon"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// TestStopWritesTheRest checks that Stop writes at once what is left, and nothing comes after it.
//
//grade:todo 8.3
//grade:points 2
//grade:needs TestAddDoesNotWait
func TestStopWritesTheRest(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		const when = `NewFlusher(1s, write) at 0s, Add("a"), Add("b"), and Stop at 0.3s`
		written := open()
		f := daemon.NewFlusher(second, written.writes())
		add(t, f, "a")
		add(t, f, "b")
		time.Sleep(3 * tenth)
		f.Stop()
		exam.Equal(t, "writes when Stop returned", written.String(), "300ms a b", when)
		exam.Equal(t, "time when Stop returned", written.now(), "300ms", when)
		exam.Error(t, `Add("c")`, f.Add("c"), daemon.ErrStopped, "after Stop")
		time.Sleep(3 * second)
		exam.Equal(t, "writes until 3.3s", written.String(), "300ms a b", when+`; Add("c") after it`)
	})
	interleave.Explore(t, func(t *testing.T) {
		written := open()
		f := daemon.NewFlusher(second, written.writes())
		f.Stop()
		exam.Equal(t, "writes", written.String(), "none", "Stop, and nothing was added")
		exam.Error(t, `Add("a")`, f.Add("a"), daemon.ErrStopped, "after Stop")
		g := daemon.NewFlusher(second, written.writes())
		add(t, g, "a")
		time.Sleep(second + tenth)
		g.Stop()
		exam.Equal(t, "writes", written.String(), "1s a", `Add("a") at 0s, and Stop at 1.1s`)
	})
	for _, lines := range odd {
		interleave.Explore(t, func(t *testing.T) {
			written := open()
			f := daemon.NewFlusher(second, written.writes())
			for _, line := range lines {
				add(t, f, line)
			}
			f.Stop()
			exam.Equal(t, "writes when Stop returned", written.String(), "0s "+entry(lines), fmt.Sprintf("Add for each of %q, and Stop", lines))
		}, few...)
	}
	long := strings.Repeat("0123456789abcdef", 1<<16) // 1 MB
	interleave.Explore(t, func(t *testing.T) {
		var written box
		f := daemon.NewFlusher(second, written.write)
		exam.Error(t, "Add of a line of 1 MB", f.Add(long), nil, "Stop has not been called")
		f.Stop()
		if got := written.of(""); got != long {
			t.Errorf("%d bytes were written, or others than those of the line, want the whole line, %d bytes: Add of a line of 1 MB, and Stop", len(got), len(long))
		}
	}, few...)
}

// TestStopAsAWriteIsDue checks that Stop comes to an end also when it is called as a write is due.
//
//grade:todo 8.3
//grade:points 2
//grade:needs TestStopWritesTheRest
func TestStopAsAWriteIsDue(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		var written box
		f := daemon.NewFlusher(second, written.write)
		add(t, f, "a1")
		add(t, f, "a2")
		time.Sleep(second)
		f.Stop()
		exam.Equal(t, "lines written when Stop returned", written.of("a"), "a1 a2", `Add("a1"), Add("a2"), and Stop as they are due`)
	})
}

// TestStopWaitsForTheWrite checks that Stop waits for the write that runs, and for what was added meanwhile.
//
//grade:todo 8.3
//grade:points 2
//grade:needs TestStopAsAWriteIsDue
func TestStopWaitsForTheWrite(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		const when = `write("a") takes from 1s to 3s, Add("b") comes at 1.2s, and Stop at 1.5s`
		written := open()
		f := daemon.NewFlusher(second, written.slowly(2*second))
		add(t, f, "a")
		time.Sleep(12 * tenth)
		add(t, f, "b")
		time.Sleep(3 * tenth)
		f.Stop()
		exam.Equal(t, "writes when Stop returned", written.String(), "1s begins a, 3s ends a, 3s begins b, 5s ends b", when)
		exam.Equal(t, "time when Stop returned", written.now(), "5s", when)
	})
}

// TestStopManyTimes checks that Stop may be called again, and by several at once, and each waits for the end.
//
//grade:todo 8.3
//grade:points 2
//grade:needs TestStopAsAWriteIsDue
func TestStopManyTimes(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		const when = "Stop and Stop again"
		written := open()
		f := daemon.NewFlusher(second, written.writes())
		add(t, f, "a")
		f.Stop()
		f.Stop()
		exam.Equal(t, "writes", written.String(), "0s a", when)
	})
	interleave.Explore(t, func(t *testing.T) {
		written := open()
		f := daemon.NewFlusher(age, written.slowly(2*age))
		add(t, f, "a")
		stop := func() {
			f.Stop()
			exam.Equal(t, "writes when Stop returned", written.String(), "0s begins a, 20000h0m0s ends a", "one of several Stops at the same time")
		}
		exam.Together(stop, stop, func() { time.Sleep(age); stop() })
	})
}

// TestStopWhileAdding checks that while Stop runs Add does not wait; a line that it takes is written, and one that it refuses is not.
//
//grade:todo 8.3
//grade:points 2
//grade:needs TestStopManyTimes
func TestStopWhileAdding(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		var written box
		f := daemon.NewFlusher(second, written.write)
		errs := make([]error, 3)
		exam.Together(
			func() { errs[0] = f.Add("a1"); errs[1] = f.Add("a2") },
			func() { errs[2] = f.Add("b") },
			f.Stop,
		)
		f.Stop() // the other one has returned
		for i, line := range []string{"a1", "a2", "b"} {
			want := line
			if errs[i] != nil {
				want = ""
				exam.Error(t, fmt.Sprintf("Add(%q)", line), errs[i], daemon.ErrStopped, "while Stop runs")
			}
			call := fmt.Sprintf("what was written after Add(%q) = %v and Stop at the same time", line, errs[i])
			exam.Equal(t, call, written.of(line), want, "Stop has returned")
		}
	})
	interleave.Explore(t, func(t *testing.T) {
		var written box
		f := daemon.NewFlusher(second, written.write)
		var err error
		var before string
		exam.Together(
			func() { err = f.Add("a") },
			func() { f.Stop(); before = written.of("a") },
		)
		if err == nil {
			exam.Equal(t, "lines written when Stop returned", before, "a", `Add("a") = nil at the same time`)
		}
	})
	// Stop waits for the last write, for one that was due, or for the last one after that.
	for _, c := range []struct{ stop, add time.Duration }{
		{3 * tenth, 5 * tenth},
		{12 * tenth, 15 * tenth},
		{12 * tenth, 25 * tenth},
	} {
		interleave.Explore(t, func(t *testing.T) {
			when := fmt.Sprintf(`a write takes 1s, lines were added at 0s and (if Stop was not called before) at 1.1s, Stop was called at %v, and Add("b") at %v`, c.stop, c.add)
			var written box
			day := open()
			f := daemon.NewFlusher(second, func(lines []string) {
				written.write(lines)
				time.Sleep(second)
			})
			var err error
			exam.Together(
				func() {
					add(t, f, "a1")
					if rest := 11 * tenth; c.stop > rest {
						time.Sleep(rest)
						add(t, f, "a2")
						time.Sleep(c.stop - rest)
					} else {
						time.Sleep(c.stop)
					}
					f.Stop()
				},
				func() {
					time.Sleep(c.add)
					err = f.Add("b")
					exam.Equal(t, `time when Add("b") returned`, day.now(), c.add.String(), when)
				},
			)
			want := "b"
			if err != nil {
				want = ""
				exam.Error(t, `Add("b")`, err, daemon.ErrStopped, when)
			}
			exam.Equal(t, fmt.Sprintf(`what was written after Add("b") = %v`, err), written.of("b"), want, when+"; Stop has returned")
		}, few...)
	}
}

// TestAddTakesAnyNumber checks that Add does not wait for a write however many lines there are, and the next write has them all.
//
//grade:todo 8.2
//grade:points 1
//grade:needs TestStopWaitsForTheWrite
func TestAddTakesAnyNumber(t *testing.T) {
	const flood = 2_000 // too many to explore
	interleave.Once(t, func(t *testing.T) {
		const when = "a write takes 0.5s, the last one no time; one line is added at 0s, and 2,000 at 1.1s and again at 2.2s"
		day, sizes := open(), open()
		written := 0
		f := daemon.NewFlusher(second, func(lines []string) {
			sizes.note(fmt.Sprint(len(lines)))
			if written += len(lines); written <= 1+flood {
				time.Sleep(5 * tenth)
			}
		})
		add(t, f, "first")
		for _, now := range []string{"1.1s", "2.2s"} {
			time.Sleep(11 * tenth)
			for range flood {
				f.Add("more")
			}
			exam.Equal(t, "time when the last Add returned", day.now(), now, when)
		}
		exam.Equal(t, "numbers of lines written until 2.2s", sizes.String(), "1s 1, 2s 2000", when)
		time.Sleep(5 * tenth)
		f.Stop()
		exam.Equal(t, "lines written when Stop returned", written, 1+2*flood, when)
	})

	// More than people make room for, in real time. An answer that copies all lines to add one
	// is right as well: it gets as far as it gets in a while.
	const many = 110_000
	writing, goOn := make(chan struct{}), make(chan struct{})
	written := 0
	f := daemon.NewFlusher(time.Millisecond, func(lines []string) {
		if written == 0 {
			close(writing)
			<-goOn
		}
		written += len(lines)
	})
	add(t, f, "first")
	<-writing
	added := 0
	exam.Within(t, "Add of 110,000 lines while a write goes on", func() {
		for start := time.Now(); added < many && time.Since(start) < 3*time.Second; added++ {
			f.Add("more")
		}
	})
	close(goOn)
	f.Stop()
	exam.Equal(t, "lines written when Stop returned", written, 1+added, "all but one were added while the first one was written")
}

// TestFlusherAtFullSpeed checks that no line is lost or doubled when many goroutines use all cores.
//
//grade:todo 8.3
//grade:points 1
//grade:needs TestAddTakesAnyNumber TestAddsAreNotLost TestStopWhileAdding
func TestFlusherAtFullSpeed(t *testing.T) {
	const goroutines, each = 6, 300
	written := map[string]int{} // used by write only, until Stop has returned
	f := daemon.NewFlusher(100*time.Microsecond, func(lines []string) {
		for _, line := range lines {
			written[line]++
		}
	})
	var taken [goroutines]int
	var workers []func()
	for g := range goroutines {
		workers = append(workers, func() {
			for i := range each {
				if f.Add(fmt.Sprintf("%d-%d", g, i)) != nil {
					break
				}
				taken[g] = i + 1
			}
			if g == 0 {
				f.Stop()
			}
		})
	}
	exam.Within(t, "6 goroutines that add 300 lines each, and one that stops the flusher", func() { exam.Together(workers...); f.Stop() })
	for g, n := range taken {
		for i := range each {
			want := 0
			if i < n {
				want = 1
			}
			line := fmt.Sprintf("%d-%d", g, i)
			if !exam.Equal(t, fmt.Sprintf("times that line %q was written", line), written[line], want, fmt.Sprintf("the first %d Adds of goroutine %d returned nil, and Stop has returned", n, g)) {
				return
			}
		}
	}
}
