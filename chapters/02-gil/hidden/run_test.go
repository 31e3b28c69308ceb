//go:build grade

package hidden

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	gil "lockstep/chapters/02-gil"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// step is an instruction that does not block, and wait one that does.
func step(do func()) gil.Instruction { return gil.Instruction{Do: do} }
func wait(do func()) gil.Instruction { return gil.Instruction{Do: do, Blocks: true} }

// waitFor is one that blocks until c is closed, and counts when it has waited in vain.
func waitFor(c chan struct{}, inVain *exam.Count) gil.Instruction {
	return wait(func() {
		select {
		case <-c:
		case <-time.After(exam.Patience):
			inVain.Add()
		}
	})
}

// TestRun checks that Run does each instruction of each thread once and in order, and waits for all.
//
//grade:todo 2.3
//grade:points 2
//grade:needs TestAcquire
func TestRun(t *testing.T) {
	nothing := func() {}
	for _, last := range []struct {
		blocks string
		thread []gil.Instruction
	}{
		{"does not block", []gil.Instruction{wait(nothing), step(nothing)}},
		{"blocks", []gil.Instruction{step(nothing), wait(nothing)}},
	} {
		interleave.Explore(t, func(t *testing.T) {
			g := gil.NewGIL(interval)
			gil.Run(g, last.thread)
			var free exam.Count
			go func() {
				g.Acquire()
				free.Add()
				g.Release()
			}()
			time.Sleep(3 * interval)
			exam.Equal(t, "times that Acquire has returned", free.Load(), 1, "Run has returned, so nobody holds the GIL; the last instruction "+last.blocks)
		})
	}
	interleave.Explore(t, func(t *testing.T) {
		g := gil.NewGIL(interval)
		var one, two []string // what each thread has done
		a := func(name string) func() { return func() { one = append(one, name) } }
		b := func(name string) func() { return func() { two = append(two, name) } }
		gil.Run(g,
			[]gil.Instruction{step(a("add")), wait(a("read")), step(a("print"))},
			[]gil.Instruction{wait(b("read")), wait(b("write"))},
			nil,
		)
		exam.Equal(t, "what the first thread did", strings.Join(one, ", "), "add, read, print", "Run has returned")
		exam.Equal(t, "what the second thread did", strings.Join(two, ", "), "read, write", "Run has returned")
		gil.Run(g)
	})
}

// TestRunOneAtATime checks that no two instructions run at the same time, but for those that block.
//
//grade:todo 2.3
//grade:points 2
//grade:needs TestRun
func TestRunOneAtATime(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		g := gil.NewGIL(interval)
		var inside exam.Peak
		work := step(func() {
			inside.Enter()
			time.Sleep(moment)
			inside.Leave()
		})
		gil.Run(g, []gil.Instruction{work, wait(func() {}), work}, []gil.Instruction{work})
		exam.Equal(t, "most instructions at the same time", inside.Most(), 1, "two threads of one Run, and none of these instructions blocks")
		run := func() { gil.Run(g, []gil.Instruction{work}) }
		exam.Together(run, run)
		exam.Equal(t, "most instructions at the same time", inside.Most(), 1, "two Runs that share a GIL, and none of these instructions blocks")
	})
	interleave.Explore(t, func(t *testing.T) {
		g := gil.NewGIL(exam.Patience) // no requests: who holds it keeps it
		var inside exam.Peak
		work := step(func() {
			inside.Enter()
			time.Sleep(3 * moment)
			inside.Leave()
		})
		gil.Run(g, []gil.Instruction{wait(func() { time.Sleep(moment) })}, []gil.Instruction{work}, []gil.Instruction{work})
		exam.Equal(t, "most instructions at the same time", inside.Most(), 1, "of two threads that do one which does not block, while a third thread's last instruction does")
	})
	interleave.Explore(t, func(t *testing.T) {
		g := gil.NewGIL(interval)
		total := 0
		add := step(func() { total++ })
		run := func() { gil.Run(g, []gil.Instruction{add, add}) }
		exam.Together(run, run)
		exam.Equal(t, "total", total, 4, "two Runs that share a GIL have added 1 two times each")
	})
}

// TestRunLetsGo checks that a thread lets go of the GIL while it blocks.
//
//grade:todo 2.3
//grade:points 3
//grade:needs TestRun
func TestRunLetsGo(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		g := gil.NewGIL(exam.Patience) // no requests: what waits, waits in one step
		var kept exam.Count
		sent := make(chan struct{})
		receive := waitFor(sent, &kept)
		send := step(func() { close(sent) })
		gil.Run(g, []gil.Instruction{receive}, []gil.Instruction{send})
		exam.Equal(t, "instructions that waited in vain", kept.Load(), 0, "one blocks until another thread does one that does not block, and that one needs the GIL")
	})
	interleave.Explore(t, func(t *testing.T) {
		g := gil.NewGIL(exam.Patience) // no requests: what waits, waits in one step
		both := exam.NewRendezvous(t, 2, "instructions that block, of two threads")
		nothing := step(func() {})
		gil.Run(g, []gil.Instruction{wait(func() {}), wait(both.Meet)}, []gil.Instruction{nothing, wait(both.Meet)})
	})
	interleave.Explore(t, func(t *testing.T) {
		g := gil.NewGIL(exam.Patience) // no requests: what waits, waits in one step
		both := exam.NewRendezvous(t, 2, "instructions that block, of two threads")
		nothing := step(func() {})
		gil.Run(g, []gil.Instruction{nothing, wait(both.Meet)}, []gil.Instruction{wait(both.Meet), nothing})
	})
	interleave.Explore(t, func(t *testing.T) {
		g := gil.NewGIL(exam.Patience) // no requests: what waits, waits in one step
		var kept exam.Count
		returned := make(chan struct{})
		long := waitFor(returned, &kept)
		exam.Together(
			func() { gil.Run(g, []gil.Instruction{long}) },
			func() {
				gil.Run(g, []gil.Instruction{step(func() {})})
				close(returned)
			},
		)
		exam.Equal(t, "instructions that waited in vain", kept.Load(), 0, "one blocks until another Run, which shares the GIL, has returned")
	})
	interleave.Explore(t, func(t *testing.T) {
		g, other := gil.NewGIL(interval), gil.NewGIL(interval)
		var inner exam.Count
		add := []gil.Instruction{step(func() { inner.Add() })}
		gil.Run(g, []gil.Instruction{
			wait(func() { gil.Run(g, add) }), // does not hold the GIL
			step(func() { gil.Run(other, add) }),
		}, add)
		exam.Equal(t, "instructions done", inner.Load(), 3, "one in a Run within an instruction that blocks, one in a Run with another GIL within one that does not, and one of a second thread")
	}, few...)
	interleave.Once(t, func(t *testing.T) {
		all := exam.NewRendezvous(t, lots, "instructions that block, of 1,000 threads")
		threads := make([][]gil.Instruction, lots)
		for i := range threads {
			threads[i] = []gil.Instruction{step(func() {}), wait(all.Meet)}
		}
		gil.Run(gil.NewGIL(interval), threads...)
	})
}

// TestRunKeeps checks that a thread keeps the GIL from instruction to instruction while there is no request.
//
//grade:todo 2.3
//grade:points 1
//grade:needs TestRunOneAtATime
func TestRunKeeps(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		g := gil.NewGIL(interval)
		var did strings.Builder
		write := func(name string) gil.Instruction { return step(func() { did.WriteString(name) }) }
		a, b := write("a"), write("b")
		gil.Run(g, []gil.Instruction{a, a, a}, []gil.Instruction{b, b, b})
		exam.OneOf(t, "instructions in the order in which they were done", did.String(), []string{"aaabbb", "bbbaaa"}, "three of thread a and three of thread b, all of them within one switch interval")
	})
}

// TestRunShares checks that threads which compute take turns, and no turn is much shorter or longer than the switch interval.
//
//grade:todo 2.3
//grade:points 2
//grade:needs TestRunOneAtATime
//grade:needs TestYieldRequests
func TestRunShares(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		g := gil.NewGIL(interval)
		var did strings.Builder
		thread := func(name string) (code []gil.Instruction) {
			for range 10 {
				code = append(code, step(func() {
					time.Sleep(4 * time.Millisecond) // a long computation
					did.WriteString(name)
				}))
			}
			return code
		}
		gil.Run(g, thread("a"), thread("b"))
		// After 12 ms of the first turn there is a request; 24 ms are the most in a later one.
		turns := strings.SplitAfter(strings.NewReplacer("ab", "a b", "ba", "b a").Replace(did.String()), " ")
		for i, turn := range turns[:max(0, len(turns)-2)] { // in the last two one of them ends
			n := len(strings.TrimSpace(turn))
			if n < 3 || n > 6 {
				t.Errorf("turn %d was %d instructions of 4 ms, want 3 to 6, one to two switch intervals of 10 ms: the turns were %s", i+1, n, strings.Join(turns, ""))
				break
			}
		}
		exam.Equal(t, "instructions done", len(did.String()), 20, "two threads of ten")
		if len(turns) < 4 {
			t.Errorf("the turns were %s, want more of them: ten instructions of 4 ms each, and the switch interval is 10 ms", strings.Join(turns, ""))
		}
	}, few...)
}

// few makes a search small where it is time that matters, and not the order within a moment.
var few = []interleave.Option{interleave.Preemptions(1), interleave.Budget(100), interleave.Schedules(50)}

// TestRunAnswers checks that a thread which has been waiting for input is not kept from the GIL by one that computes.
//
//grade:todo 2.3
//grade:points 2
//grade:needs TestRunLetsGo
//grade:needs TestYieldHandsOver
func TestRunAnswers(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		g := gil.NewGIL(interval)
		var compute, serve []gil.Instruction
		for range 20 {
			compute = append(compute, step(func() { time.Sleep(4 * time.Millisecond) }))
		}
		var came time.Time
		var waited []time.Duration // of each question, until its answer
		for range 3 {
			serve = append(serve,
				wait(func() {
					time.Sleep(7 * time.Millisecond)
					came = time.Now()
				}),
				step(func() { waited = append(waited, time.Since(came)) }))
		}
		gil.Run(g, compute, serve)
		exam.Equal(t, "answers", len(waited), 3, "of a thread that waits for a question and answers it, three times")
		for i, d := range waited {
			if d > 2*interval {
				t.Errorf("answer %d came %v after its question, want at most 20 ms: the other thread computes, in instructions of 4 ms, and the switch interval is 10 ms", i+1, d)
				break
			}
		}
	}, few...)
}

// TestRunMany checks that many threads that compute and block are run right on all cores.
//
//grade:todo 2.3
//grade:points 1
//grade:needs TestRunLetsGo
//grade:needs TestRunOneAtATime
func TestRunMany(t *testing.T) {
	const threads, rounds = 20, 20
	g := gil.NewGIL(20 * time.Microsecond)
	total := 0
	var blocked exam.Count
	var mine [threads][]int // the rounds of each thread, in order
	var code [][]gil.Instruction
	for n := range threads {
		var thread []gil.Instruction
		for round := range rounds {
			thread = append(thread,
				step(func() { total++ }),
				wait(func() {
					blocked.Add()
					mine[n] = append(mine[n], round)
				}))
		}
		code = append(code, thread)
	}
	exam.Within(t, "a Run of 20 threads of 40 instructions", func() {
		var all sync.WaitGroup
		for half := range 2 {
			all.Add(1)
			go func() {
				defer all.Done()
				gil.Run(g, code[half*threads/2:(half+1)*threads/2]...)
			}()
		}
		all.Wait()
	})
	exam.Equal(t, "total", total, threads*rounds, "20 threads in two Runs with one GIL have added 1 in 20 instructions each")
	exam.Equal(t, "instructions that block", blocked.Load(), threads*rounds, "20 threads had 20 each")
	for n, done := range mine {
		exam.Equal(t, fmt.Sprintf("instructions of thread %d in the order in which they were done", n), fmt.Sprint(done), fmt.Sprint(mine[0]), "all threads have the same, 0 to 19")
	}
	// The lists are the caller's, and can be run again.
	exam.Within(t, "a second Run of the same 20 threads", func() { gil.Run(g, code...) })
	exam.Equal(t, "total", total, 2*threads*rounds, "the same threads have been run a second time, all of them in one Run")
	exam.Equal(t, "instructions that block", blocked.Load(), 2*threads*rounds, "the same threads have been run a second time, all of them in one Run")
	nothing := func() {}
	lists := [][]gil.Instruction{nil, {step(nothing), step(nothing)}, {}, {wait(nothing)}}
	exam.Within(t, "a Run of threads without instructions and with some", func() { gil.Run(g, lists...) })
	var lengths []int
	for _, list := range lists {
		lengths = append(lengths, len(list))
	}
	exam.Equal(t, "lengths of the lists", fmt.Sprint(lengths), "[0 2 0 1]", "after Run(g, lists...), which only reads them")
}
