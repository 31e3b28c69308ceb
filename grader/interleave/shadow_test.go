package interleave_test

import (
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"lockstep/grader/exam/wire"
	"lockstep/grader/interleave"
	"lockstep/grader/interleave/rt"
)

// child runs f on another goroutine and waits for it.
func child(f func()) {
	var wg sync.WaitGroup
	rt.WaitGroupAdd(&wg, 1)
	rt.Go(func() {
		defer rt.WaitGroupDone(&wg)
		f()
	})
	rt.WaitGroupWait(&wg)
}

func TestFailuresOfTheBody(t *testing.T) {
	for _, c := range []struct {
		name            string
		body            func(t *testing.T)
		status, message string
	}{
		{"assert", func(t *testing.T) { assert.Equal(t, 1, 2) }, "fail", "Not equal: expected: 1 actual : 2"},
		{"require", func(t *testing.T) { require.Equal(t, 1, 2); panic("not reached") }, "fail", "Not equal"},
		{"assert in a goroutine", func(t *testing.T) { child(func() { assert.True(t, false, "note") }) }, "fail", "Should be true (note)"},
		{"require in a goroutine", func(t *testing.T) { child(func() { require.NoError(t, os.ErrExist); panic("not reached") }) }, "fail", "Received unexpected error: file already exists"},
		{"require hides a deadlock", func(t *testing.T) {
			c := make(chan int)
			rt.Go(func() { require.Fail(t, "early"); rt.Close(c) })
			rt.Recv(c)
		}, "fail", "early"},
		{"Errorf", func(t *testing.T) { t.Errorf("n is %d", 3) }, "fail", "n is 3"},
		{"Fatal in a clean-up", func(t *testing.T) { t.Cleanup(func() { t.Fatal("late") }) }, "fail", "late"},
		{"Fail", func(t *testing.T) { t.Fail() }, "fail", "without a message"},
		{"panic", func(t *testing.T) { panic("boom") }, "panic", "panic: boom at shadow_test.go:"},
		{"panic in a goroutine", func(t *testing.T) { child(func() { m := nilMap(); m[1] = 1 }) }, "panic", "assignment to entry in nil map at shadow_test.go:"},
		{"Run", func(t *testing.T) { t.Run("sub", func(*testing.T) {}) }, "panic", "t.Run cannot be used in the body of Explore"},
		{"Parallel", func(t *testing.T) { t.Parallel() }, "panic", "t.Parallel cannot be used in the body of Explore"},
		{"Deadline", func(t *testing.T) { t.Deadline() }, "panic", "t.Deadline cannot be used in the body of Explore"},
	} {
		r := interleave.ExploreHere("TestOfAName", "", c.body, interleave.Schedules(50))
		assert.Equal(t, wire.Finding, r.Kind, c.name)
		assert.Equal(t, c.status, r.Status, c.name)
		assert.Contains(t, r.Message, c.message, c.name)
		assert.NotContains(t, r.Detail, "grader/interleave/rt/", c.name)
		again := interleave.ExploreHere("TestOfAName", r.Seed, c.body)
		assert.Equal(t, r.Status+r.Message, again.Status+again.Message, c.name)
	}
	assert.False(t, t.Failed(), "no failure leaks out of a schedule")
}

func TestShadowOfT(t *testing.T) {
	t.Setenv("INTERLEAVE_TEST", "before")
	var order []string
	runs := 0
	r := interleave.ExploreHere("TestOfAName", "", func(t *testing.T) {
		runs++
		order = nil
		t.Cleanup(func() { order = append(order, "first registered", t.Context().Err().Error()) })
		t.Cleanup(func() { order = append(order, "last registered") })
		t.Setenv("INTERLEAVE_TEST", "inside")
		t.Helper()
		t.Log("hello")
		assert.NoError(t, t.Context().Err())
		assert.Equal(t, "TestOfAName", t.Name())
		assert.DirExists(t, t.TempDir())
		assert.False(t, t.Failed())
		done := make(chan bool)
		rt.Go(func() { rt.Recv(t.Context().Done()); rt.Close(done) })
		t.Cleanup(func() { rt.Recv(done) })
	}, interleave.Schedules(20))
	assert.Equal(t, wire.Explored, r.Kind, r.Detail)
	assert.Greater(t, runs, 20)
	assert.Equal(t, []string{"last registered", "first registered", "context canceled"}, order)
	assert.Equal(t, "before", os.Getenv("INTERLEAVE_TEST"))
}

func TestCleanupsRunWhenTheBodyFails(t *testing.T) {
	n := 0
	for _, fail := range []func(t *testing.T){
		func(t *testing.T) { t.FailNow() },
		func(t *testing.T) { panic("boom") },
		func(t *testing.T) { t.Cleanup(func() { panic("boom") }) },
	} {
		before := n
		interleave.ExploreHere("x", "", func(t *testing.T) { t.Cleanup(func() { n++ }); fail(t) })
		assert.Greater(t, n, before)
	}
}

// TestOutsideExploration checks that without an exploration everything is real.
func TestOutsideExploration(t *testing.T) {
	var mu sync.Mutex
	rt.MutexLock(&mu)
	assert.False(t, mu.TryLock(), "the real mutex is held")
	rt.MutexUnlock(&mu)
	c := make(chan int, 1)
	rt.SendTo(c).Do(7)
	assert.Equal(t, 7, <-c)
	assert.Equal(t, -1, rt.Select(true, rt.CaseRecv(c)))
	c <- 8
	in := rt.CaseRecv(c)
	assert.Equal(t, 1, rt.Select(false, rt.CaseRecv((chan int)(nil)), in))
	assert.Equal(t, 8, in.V)
	assert.True(t, in.OK)
}

// TestStrangers runs goroutines that the exploration does not control beside it.
func TestStrangers(t *testing.T) {
	stop, idle := make(chan bool), make(chan bool)
	var mu sync.Mutex
	n := 0
	for range 2 {
		go func() {
			for {
				select {
				case <-stop:
					idle <- true
					return
				default:
				}
				rt.MutexLock(&mu)
				n++
				rt.MutexUnlock(&mu)
				c := make(chan int, 1)
				rt.SendTo(c).Do(1)
				rt.Recv(c)
				rt.Gosched()
			}
		}()
	}
	r := interleave.ExploreHere("x", "", right, interleave.Schedules(200))
	close(stop)
	<-idle
	<-idle
	assert.Equal(t, wire.Explored, r.Kind, r.Detail)
	assert.Positive(t, n)
	assert.True(t, strings.HasPrefix(r.Message, "all "), r.Message)
}

func nilMap() map[int]int { return nil }

// TestNotRewritten checks what Explore does in a plain build: body runs once, in virtual time,
// and goroutines that are left blocked are a failure unless they are allowed.
func TestNotRewritten(t *testing.T) {
	if rt.Rewritten {
		t.Skip("this is a rewritten build")
	}
	runs := 0
	interleave.Explore(t, func(t *testing.T) {
		runs++
		start := time.Now()
		time.Sleep(time.Hour)
		assert.Equal(t, time.Hour, time.Since(start))
	})
	assert.Equal(t, 1, runs)

	leak := func(t *testing.T) {
		forever := make(chan int)
		go func() { <-forever }()
	}
	interleave.Explore(t, leak, interleave.AllowLeaks())
	assert.Panics(t, func() { interleave.Explore(t, leak) })
	stuck := func(t *testing.T) { <-make(chan int) }
	assert.Panics(t, func() { interleave.Explore(t, stuck, interleave.AllowLeaks()) })
}
