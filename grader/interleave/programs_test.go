package interleave_test

import (
	"fmt"
	"io"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"

	"lockstep/grader/interleave/rt"
)

// The programs that several tests use.

// lostUpdate reads and writes in two lock sections.
func lostUpdate(t *testing.T) {
	var mu sync.Mutex
	n := 0
	f := func() {
		rt.MutexLock(&mu)
		v := n
		rt.MutexUnlock(&mu)
		rt.MutexLock(&mu)
		n = v + 1
		rt.MutexUnlock(&mu)
	}
	both(f, f)
	assert.Equal(t, 2, n)
}

// halfLocked holds the mutex at one of two accesses.
func halfLocked(*testing.T) {
	var mu sync.Mutex
	n := 0
	both(func() {
		rt.MutexLock(&mu)
		n++
		rt.MutexUnlock(&mu)
	}, func() {
		rt.MutexLock(&mu)
		rt.MutexUnlock(&mu)
		n++
	})
}

// printed has its number read by package fmt while it is counted up.
func printed(*testing.T) {
	v := &struct{ n int }{}
	both(func() { v.n++ }, func() { fmt.Fprint(io.Discard, v) })
}

// abba takes two mutexes in both orders.
func abba(*testing.T) {
	var a, b sync.Mutex
	both(func() {
		rt.MutexLock(&a)
		rt.MutexLock(&b)
		rt.MutexUnlock(&b)
		rt.MutexUnlock(&a)
	}, func() {
		rt.MutexLock(&b)
		rt.MutexLock(&a)
		rt.MutexUnlock(&a)
		rt.MutexUnlock(&b)
	})
}

// right has nothing wrong with it.
func right(t *testing.T) {
	var mu sync.Mutex
	n := 0
	var wg sync.WaitGroup
	for range 3 {
		rt.WaitGroupGo(&wg, func() {
			for range 2 {
				rt.MutexLock(&mu)
				n++
				rt.MutexUnlock(&mu)
			}
		})
	}
	rt.WaitGroupWait(&wg)
	assert.Equal(t, 6, n)
}
