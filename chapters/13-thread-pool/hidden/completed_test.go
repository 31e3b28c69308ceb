//go:build grade

package hidden

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"time"

	pool "lockstep/chapters/13-thread-pool"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// TestAsCompleted checks that AsCompleted yields each future once, and waits for none while another is done.
//
//grade:todo 13.3
//grade:points 2
//grade:needs TestOrder TestCancel
func TestAsCompleted(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(2, 0)
		gate := newGate()
		slow := gate.occupy(t, p)
		fast := submit(t, background, p, "a worker is free", returns(2))
		completed := pool.AsCompleted(background, slow, fast)
		var order []int
		for future := range completed {
			exam.Equal(t, "Done() is closed", isDone(future), true, "AsCompleted has yielded the future")
			value, err := future.Result(background)
			exam.Error(t, "Result(ctx)", err, nil, "AsCompleted has yielded the future")
			order = append(order, value)
			if len(order) == 1 {
				for range completed {
					break // takes nothing from the loop around it
				}
				close(gate.open)
			}
		}
		once(t, order, "1 waits until the loop has seen 2")
		if len(order) > 0 {
			exam.Equal(t, "what AsCompleted yields first", order[0], 2, "the task that returns 1 waits until the loop has seen the other")
		}
		order = nil
		for future := range completed {
			value, _ := future.Result(background)
			order = append(order, value)
		}
		once(t, order, "a second loop over the same sequence")
		for future := range pool.AsCompleted[int](background) {
			t.Errorf("AsCompleted(ctx) yields %v, want nothing: there are no futures", future)
		}
		p.Close()
	}, brief()...)
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(2, 2)
		sleep := func(n int) func(context.Context) (int, error) {
			return func(context.Context) (int, error) {
				time.Sleep(time.Duration(n) * long)
				return n, nil
			}
		}
		two := submit(t, background, p, "there is room", sleep(2))
		one := submit(t, background, p, "there is room", sleep(1))
		before := submit(t, background, p, "there is room", sleep(3))
		during := submit(t, background, p, "there is room", sleep(4))
		exam.Equal(t, "Cancel()", before.Cancel(), true, "both workers sleep")
		go func() {
			time.Sleep(soon)
			exam.Equal(t, "Cancel()", during.Cancel(), true, "both workers sleep")
		}()
		var order [4]int
		i := 0
		for future := range pool.AsCompleted(background, two, one, before, during) {
			order[i], _ = future.Result(background)
			i++
		}
		exam.Equal(t, "results as AsCompleted yields them", order, [4]int{0, 0, 1, 2}, "one task takes 400ms, one takes 200ms, one was cancelled before the loop, and one after 50ms")
		p.Close()
	}, few()...)
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(2, 0)
		completed := pool.AsCompleted(background,
			submit(t, background, p, "a worker is free", returns(1)),
			submit(t, background, p, "a worker is free", returns(2)))
		loop := func(when string, body func()) {
			var got []int
			for future := range completed {
				value, _ := future.Result(background)
				got = append(got, value)
				body()
			}
			once(t, got, when)
		}
		loop("its body loops over the same sequence", func() {
			loop("in the body of a loop over the same sequence", func() {})
		})
		one := func() { loop("two loop over the same sequence at the same time", func() {}) }
		exam.Together(one, one)
		p.Close()
	}, brief()...)
	interleave.Once(t, func(t *testing.T) {
		p := pool.New(1, many)
		gate := newGate()
		gate.occupy(t, p)
		futures := make([]*pool.Future[int], many)
		for i := range futures {
			futures[i] = submit(t, background, p, "there is room in the backlog", returns(i))
		}
		last := futures[many-1]
		last.Cancel()
		when := fmt.Sprintf("the last of %d futures is done, for it has been cancelled; the tasks of the others wait for their turn", many)
		ctx, cancel := context.WithTimeout(background, time.Second)
		defer cancel()
		n := 0
		for future := range pool.AsCompleted(ctx, futures...) {
			if exam.Equal(t, "what AsCompleted yields first is the last future", future == last, n == 0, when); n == 0 {
				close(gate.open)
			}
			if n++; t.Failed() {
				break
			}
		}
		if n == 0 {
			t.Errorf("AsCompleted(ctx, futures...) yields nothing for a second, want the last future: %s", when)
			close(gate.open)
		} else if !t.Failed() {
			exam.Equal(t, "number of futures that AsCompleted yields", n, many, "the only worker has become free meanwhile")
		}
		p.Close()
	})
}

// once fails the test unless got is 1 and 2, in any order.
func once(t *testing.T, got []int, when string) {
	t.Helper()
	if len(got) != 2 || got[0]+got[1] != 3 || got[0]*got[1] != 2 {
		t.Errorf("results of what AsCompleted yields = %v, want 1 and 2, each once: %s", got, when)
	}
}

// TestAsCompletedEnds checks that a loop that is left early, or whose context ends, waits for nobody and leaves nobody behind.
//
//grade:todo 13.3
//grade:points 2
//grade:needs TestAsCompleted
func TestAsCompletedEnds(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(2, 0)
		gate := newGate()
		slow := gate.occupy(t, p)
		fast := submit(t, background, p, "a worker is free", returns(2))
		settle()
		before := runtime.NumGoroutine()
		leaves := func(when string) {
			settle()
			if more := runtime.NumGoroutine() - before; more > 0 {
				t.Errorf("%d goroutines more, want none: %s", more, when)
			}
		}

		pool.AsCompleted(background, slow, fast)
		leaves("nobody loops over what AsCompleted has returned")

		for future := range pool.AsCompleted(background, slow, fast) {
			exam.Equal(t, "the first future is the one that is done", future == fast, true, "the other one's task is running")
			break
		}
		leaves("the loop over AsCompleted was left by break, while a task is running")

		func() {
			defer func() { recover() }()
			for range pool.AsCompleted(background, slow, fast) {
				panic("out of here")
			}
		}()
		leaves("the loop over AsCompleted was left by a panic, while a task is running")

		ctx, cancel := context.WithTimeout(background, soon)
		defer cancel()
		for future := range pool.AsCompleted(ctx, slow, fast) {
			exam.Equal(t, "Done() is closed", isDone(future), true, "AsCompleted has yielded the future")
		}
		leaves("the context of AsCompleted has ended, while a task is running")

		close(gate.open)
		p.Close()
	}, brief()...)
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(2, 0)
		one := submit(t, background, p, "a worker is free", returns(1))
		other := submit(t, background, p, "a worker is free", returns(2))
		completed := pool.AsCompleted(background, one, other)
		for range completed {
			break // the other may be done now, or in a moment: nobody may be stuck with it
		}
		var again []int
		for future := range completed {
			value, _ := future.Result(background)
			again = append(again, value)
		}
		once(t, again, "a second loop over the same sequence, after the first one was left by break")
		p.Close()
	}, brief()...)
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 0)
		gate := newGate()
		slow := gate.occupy(t, p)
		for range pool.AsCompleted(ended(), slow) {
			t.Error("AsCompleted(ctx, future) yields something: the task is running, and ctx had ended before")
		}
		close(gate.open)
		p.Close()
	}, few()...)
}
