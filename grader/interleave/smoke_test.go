package interleave_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"lockstep/grader/exam/wire"
	"lockstep/grader/interleave"
	"lockstep/grader/interleave/rt"
)

func lostUpdate(t *testing.T) {
	var mu sync.Mutex
	n := 0
	var wg sync.WaitGroup
	for range 2 {
		rt.WaitGroupAdd(&wg, 1)
		rt.Go(func() {
			defer rt.WaitGroupDone(&wg)
			rt.MutexLock(&mu)
			v := n
			rt.MutexUnlock(&mu)
			rt.MutexLock(&mu)
			n = v + 1
			rt.MutexUnlock(&mu)
		})
	}
	rt.WaitGroupWait(&wg)
	assert.Equal(t, 2, n)
}

func planted(t *testing.T) {
	var mu sync.Mutex
	n := 0
	var wg sync.WaitGroup
	rt.WaitGroupAdd(&wg, 2)
	rt.Go(func() {
		defer rt.WaitGroupDone(&wg)
		rt.MutexLock(&mu)
		n++
		rt.MutexUnlock(&mu)
	})
	rt.Go(func() {
		defer rt.WaitGroupDone(&wg)
		n++
	})
	rt.WaitGroupWait(&wg)
}

func abba(t *testing.T) {
	var a, b sync.Mutex
	var wg sync.WaitGroup
	rt.WaitGroupAdd(&wg, 2)
	rt.Go(func() {
		defer rt.WaitGroupDone(&wg)
		rt.MutexLock(&a)
		rt.MutexLock(&b)
		rt.MutexUnlock(&b)
		rt.MutexUnlock(&a)
	})
	rt.Go(func() {
		defer rt.WaitGroupDone(&wg)
		rt.MutexLock(&b)
		rt.MutexLock(&a)
		rt.MutexUnlock(&a)
		rt.MutexUnlock(&b)
	})
	rt.WaitGroupWait(&wg)
}

func right(t *testing.T) {
	var mu sync.Mutex
	n := 0
	var wg sync.WaitGroup
	for range 3 {
		rt.WaitGroupGo(&wg, func() {
			rt.MutexLock(&mu)
			n++
			rt.MutexUnlock(&mu)
			rt.MutexLock(&mu)
			n++
			rt.MutexUnlock(&mu)
		})
	}
	rt.WaitGroupWait(&wg)
	assert.Equal(t, 6, n)
}

func TestSmoke(t *testing.T) {
	for _, f := range []func(*testing.T){lostUpdate, planted, abba, right} {
		t0 := time.Now()
		r := interleave.ExploreHere("x", "", f)
		t.Log(time.Since(t0), r.Kind, r.Status, r.Schedules, r.Exhaustive, r.Message, "\n", r.Detail)
		if r.Kind == wire.Finding {
			r2 := interleave.ExploreHere("x", r.Seed, f)
			t.Log(r2.Status, r2.Message)
		}
	}
}
