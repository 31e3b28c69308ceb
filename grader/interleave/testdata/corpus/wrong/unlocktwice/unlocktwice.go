// Package unlocktwice unlocks on the way out although the callee has unlocked
// already, if the callee was quick enough.
//
// want: misuse
package unlocktwice

import (
	"sync"
	"sync/atomic"
	"testing"
)

type job struct {
	mu    sync.Mutex
	ended atomic.Bool
}

func (j *job) finish() {
	if !j.ended.Load() {
		j.mu.Unlock()
		j.ended.Store(true)
	}
}

// Scenario finishes a job from two goroutines.
func Scenario(t *testing.T) {
	var j job
	j.mu.Lock()
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(j.finish)
	}
	wg.Wait()
}
