package interleave_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"lockstep/grader/exam/wire"
	"lockstep/grader/interleave"
	"lockstep/grader/interleave/rt"
)

// hundreds go through a gate; opened returns how many had come when it was opened, with open nil never.
func hundreds(open func(gate chan int)) (come int64) {
	gate := make(chan int)
	var arrived atomic.Int64
	var all sync.WaitGroup
	rt.WaitGroupAdd(&all, 300)
	for range 300 {
		rt.Go(func() {
			defer rt.WaitGroupDone(&all)
			rt.AtomicUpdate1((*atomic.Int64).Add, &arrived, 1)
			rt.Recv(gate)
		})
	}
	rt.Sleep(1)
	come = load(&arrived)
	open(gate)
	rt.WaitGroupWait(&all)
	return come
}

// TestOnce has programs that are too much for an exploration.
func TestOnce(t *testing.T) {
	steps := func(n int) {
		var v atomic.Int64
		for range n {
			store(&v, 1)
			store(&v, 0)
		}
	}
	for _, c := range []struct {
		name string
		body func(t *testing.T)
		want string // "" for a right one
	}{
		{"a crowd", func(t *testing.T) {
			assert.EqualValues(t, 300, hundreds(func(gate chan int) { rt.Close(gate) }))
		}, ""},
		{"a crowd that waits for ever", func(*testing.T) {
			hundreds(func(chan int) {})
		}, "deadlock: G1 (and 299 others) waits in receive at once_test.go:"},
		{"a crowd of which one comes through", func(*testing.T) {
			hundreds(func(gate chan int) { rt.SendTo(gate).Do(1) })
		}, "(and 298 others) waits in receive at once_test.go:"},
		{"a long way", func(*testing.T) { steps(50_000) }, ""},
		{"a long way with a lock, and then none", func(*testing.T) {
			var mu sync.Mutex
			for range 6_000 {
				rt.MutexLock(&mu)
				rt.MutexUnlock(&mu)
			}
			rt.MutexLock(&mu)
			rt.MutexLock(&mu)
		}, "deadlock: main waits in Lock at once_test.go:"},
		{"a long look around, for which no time passes", func(t *testing.T) {
			timer, end := rt.NewTimer(time.Second), make(chan int)
			var waiter sync.WaitGroup
			rt.WaitGroupAdd(&waiter, 1)
			rt.Go(func() {
				defer rt.WaitGroupDone(&waiter)
				assert.Equal(t, 1, rt.Select(false, rt.CaseRecv(timer.C), rt.CaseRecv(end)))
			})
			for range 3_000 {
				rt.Gosched()
			}
			rt.Close(end)
			rt.WaitGroupWait(&waiter)
		}, ""},
		{"a way without an end", func(*testing.T) { steps(1_000_000) }, "timeout: no progress"},
	} {
		r := interleave.ExploreHere("x", "", c.body, interleave.Single)
		if c.want == "" {
			assert.Equal(t, wire.Explored, r.Kind, "%s: %s", c.name, r.Message)
			continue
		}
		assert.Equal(t, wire.Finding, r.Kind, c.name)
		assert.Contains(t, r.Status+": "+r.Message, c.want, c.name)
		assert.Equal(t, r, interleave.ExploreHere("x", "", c.body, interleave.Single), "%s: the verdict repeats", c.name)
		replayed := interleave.ExploreHere("x", r.Seed, c.body, interleave.Single)
		assert.Equal(t, r.Status+r.Message+r.Seed, replayed.Status+replayed.Message+replayed.Seed, "%s: replay", c.name)
	}
}
