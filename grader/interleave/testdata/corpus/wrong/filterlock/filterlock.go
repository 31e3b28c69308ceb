// Package filterlock is the filter lock for three goroutines that looks at one other
// at a time, once each, instead of waiting until all are below its level.
//
// want: wrong result
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
		other := (me + 1) % n
		for l.level[other].Load() >= level && l.victim[level].Load() == me {
			runtime.Gosched()
		}
	}
}

func (l *lock) unlock(me int32) { l.level[me].Store(0) }

// Scenario enters the section from three goroutines.
func Scenario(t *testing.T) {
	var l lock
	var inside atomic.Int32
	var wg sync.WaitGroup
	for me := range int32(n) {
		wg.Go(func() {
			l.lock(me)
			if k := inside.Add(1); k != 1 {
				t.Errorf("%d goroutines in the section, want 1", k)
			}
			inside.Add(-1)
			l.unlock(me)
		})
	}
	wg.Wait()
}
