// Package peterson is Peterson's lock for two, on sequentially consistent atomics.
package peterson

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
)

type lock struct {
	wants [2]atomic.Bool
	turn  atomic.Int32
}

func (l *lock) lock(me int) {
	other := 1 - me
	l.wants[me].Store(true)
	l.turn.Store(int32(other))
	for l.wants[other].Load() && l.turn.Load() == int32(other) {
		runtime.Gosched()
	}
}

func (l *lock) unlock(me int) { l.wants[me].Store(false) }

// Scenario counts under the lock in two goroutines.
func Scenario(t *testing.T) {
	var l lock
	n := 0
	var wg sync.WaitGroup
	for me := range 2 {
		wg.Go(func() {
			l.lock(me)
			n++
			l.unlock(me)
		})
	}
	wg.Wait()
	if n != 2 {
		t.Errorf("counted %d, want 2", n)
	}
}
