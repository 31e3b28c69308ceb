// Package peterson is Peterson's lock with its two steps the wrong way round: it
// gives way before it says that it wants to enter.
//
// want: wrong result
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
	l.turn.Store(int32(other))
	l.wants[me].Store(true)
	for l.wants[other].Load() && l.turn.Load() == int32(other) {
		runtime.Gosched()
	}
}

func (l *lock) unlock(me int) { l.wants[me].Store(false) }

// Scenario enters the section from two goroutines.
func Scenario(t *testing.T) {
	var l lock
	var inside atomic.Int32
	var wg sync.WaitGroup
	for me := range 2 {
		wg.Go(func() {
			l.lock(me)
			if n := inside.Add(1); n != 1 {
				t.Errorf("%d goroutines in the section, want 1", n)
			}
			inside.Add(-1)
			l.unlock(me)
		})
	}
	wg.Wait()
}
