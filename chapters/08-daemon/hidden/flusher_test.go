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

// TestFlusherWrites checks that lines are written in the background, in order, when they are due.
//
//grade:todo 8.2
//grade:points 1
func TestFlusherWrites(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		const when = `NewFlusher(1s, write) and Add("a") at 0s, Add("b") at 0.5s, Add("c") at 2.5s`
		written := open()
		f := daemon.NewFlusher(second, written.writes())
		exam.Equal(t, "time when NewFlusher returns", written.now(), "0s", "it writes in the background")
		add(t, f, "a")
		time.Sleep(5 * tenth)
		add(t, f, "b")
		exam.Equal(t, "writes until 0.5s", written.String(), "none", when)
		time.Sleep(20 * tenth)
		add(t, f, "c")
		time.Sleep(20 * tenth)
		exam.Equal(t, "writes until 4.5s", written.String(), "1s a b, 3s c", when)
	}, interleave.AllowLeaks())
	for _, lines := range odd {
		interleave.Explore(t, func(t *testing.T) {
			when := fmt.Sprintf("NewFlusher(1s, write) at 0s; Add for each of %q at 0s and again at 2.1s; another Flusher writes from 1.6s to 4.1s", lines)
			written, others := open(), open()
			f := daemon.NewFlusher(second, written.writes())
			other := daemon.NewFlusher(16*tenth, others.slowly(25*tenth))
			add(t, other, "other")
			for range 2 {
				for _, line := range lines {
					add(t, f, line)
				}
				time.Sleep(21 * tenth)
			}
			words := entry(lines)
			exam.Equal(t, "writes until 4.2s", written.String(), "1s "+words+", 3s "+words, when)
			exam.Equal(t, "writes of the other Flusher until 4.2s", others.String(), "1.6s begins other, 4.1s ends other", when)
		}, append(few, interleave.AllowLeaks())...)
	}
}

// TestBatchesAreTheWriters checks that write may keep its lines, change them and append to them.
//
//grade:todo 8.2
//grade:points 1
//grade:needs TestFlusherWrites
func TestBatchesAreTheWriters(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		batches := make(chan []string, 3)
		f := daemon.NewFlusher(second, func(lines []string) { batches <- lines })
		for i := range 3 {
			add(t, f, fmt.Sprintf("line %d", i))
			time.Sleep(11 * tenth)
		}
		var kept []string
		for range 3 {
			lines := <-batches
			kept = append(kept, lines...)
			clear(lines)
		}
		exam.Equal(t, "lines that write has kept", strings.Join(kept, ", "), "line 0, line 1, line 2", "looked at after three writes of a line each")
	}, interleave.AllowLeaks())
	interleave.Explore(t, func(t *testing.T) {
		const when = `"a", "b", "c" were added at 0s and "d" at 1.7s, and each write takes 0.5s and appends "end" to its lines then`
		batches := make(chan []string, 2)
		f := daemon.NewFlusher(second, func(lines []string) {
			time.Sleep(5 * tenth)
			batches <- append(lines, "end")
		})
		for _, line := range []string{"a", "b", "c"} {
			add(t, f, line)
		}
		time.Sleep(17 * tenth)
		add(t, f, "d")
		first, then := <-batches, <-batches
		exam.Equal(t, "lines that the first write has kept", strings.Join(first, " "), "a b c end", when)
		exam.Equal(t, "lines that the second write has kept", strings.Join(then, " "), "d end", when)
	}, append(few, interleave.AllowLeaks())...)
}

// TestAddDoesNotWait checks that Add does not wait for a write, and writes do not overlap.
//
//grade:todo 8.2
//grade:points 2
//grade:needs TestFlusherWrites
func TestAddDoesNotWait(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		const when = `write("a") takes from 1s to 2.5s, and Add("b"), Add("c") come at 1.5s`
		written := open()
		var writing exam.Peak
		slowly := written.slowly(15 * tenth)
		f := daemon.NewFlusher(second, func(lines []string) {
			writing.Enter()
			defer writing.Leave()
			slowly(lines)
		})
		add(t, f, "a")
		time.Sleep(15 * tenth)
		add(t, f, "b")
		add(t, f, "c")
		exam.Equal(t, "time when Add returns", written.now(), "1.5s", when)
		time.Sleep(50 * tenth)
		exam.Equal(t, "writes at the same time", writing.Most(), 1, when)
		exam.OneOf(t, "writes until 6.5s", written.String(), []string{
			"1s begins a, 2.5s ends a, 2.5s begins b c, 4s ends b c",
			"1s begins a, 2.5s ends a, 3s begins b c, 4.5s ends b c",
		}, when)
	}, interleave.AllowLeaks())
	interleave.Explore(t, func(t *testing.T) {
		const when = `write("a") takes from 1s to 2.5s, others no time; Add("b") comes at 1.5s, Add("c") at 2.7s, Add("d") at 3.7s`
		written := open()
		f := daemon.NewFlusher(second, func(lines []string) {
			written.note(lines...)
			if lines[0] == "a" {
				time.Sleep(15 * tenth)
			}
		})
		add(t, f, "a")
		time.Sleep(15 * tenth)
		add(t, f, "b")
		time.Sleep(12 * tenth)
		add(t, f, "c")
		time.Sleep(second)
		add(t, f, "d")
		time.Sleep(second)
		exam.OneOf(t, "writes until 4.7s", written.String(), []string{"1s a, 2.5s b, 3s c, 4s d", "1s a, 3s b c, 4s d"}, when+"; a write that comes late does not shift the later ones")
	}, interleave.AllowLeaks())
}

// TestAddsAreNotLost checks that lines added by several goroutines are all written, once, each one's in order.
//
//grade:todo 8.2
//grade:points 2
//grade:needs TestFlusherWrites
func TestAddsAreNotLost(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		const when = "two goroutines add lines, one of them as a write is due"
		var written box
		f := daemon.NewFlusher(second, written.write)
		exam.Together(
			func() { f.Add("a1"); time.Sleep(second); f.Add("a2") },
			func() { f.Add("b1"); f.Add("b2") },
		)
		time.Sleep(3 * second)
		exam.Equal(t, "lines written that a goroutine added as a1, a2", written.of("a"), "a1 a2", when)
		exam.Equal(t, "lines written that a goroutine added as b1, b2", written.of("b"), "b1 b2", when)
	}, interleave.AllowLeaks())
	interleave.Explore(t, func(t *testing.T) {
		const when = "a line is added as write begins with the one before"
		var written box
		writes := make(chan struct{}, 3)
		f := daemon.NewFlusher(second, func(lines []string) {
			writes <- struct{}{}
			written.write(lines)
		})
		f.Add("a1")
		<-writes
		f.Add("a2")
		time.Sleep(3 * second)
		exam.Equal(t, "lines written that a goroutine added as a1, a2", written.of("a"), "a1 a2", when)
	}, interleave.AllowLeaks())
}
