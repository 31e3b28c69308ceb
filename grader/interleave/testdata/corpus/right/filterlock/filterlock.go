// Package filterlock is the filter lock (Peterson's, generalised) for three goroutines.
package filterlock

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
)

const n = 3

type lock struct {
	level  [n]atomic.Int32
	victim [n]atomic.Int32
}

func (l *lock) lock(me int32) {
	for level := int32(1); level < n; level++ {
		l.level[me].Store(level)
		l.victim[level].Store(me)
		for other := range int32(n) {
			for other != me && l.level[other].Load() >= level && l.victim[level].Load() == me {
				runtime.Gosched()
			}
		}
	}
}

func (l *lock) unlock(me int32) { l.level[me].Store(0) }

// Scenario counts under the lock in three goroutines.
func Scenario(t *testing.T) {
	var l lock
	count := 0
	var wg sync.WaitGroup
	for me := range int32(n) {
		wg.Go(func() {
			l.lock(me)
			count++
			l.unlock(me)
		})
	}
	wg.Wait()
	if count != n {
		t.Errorf("counted %d, want %d", count, n)
	}
}
