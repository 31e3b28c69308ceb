// Package unlockplace unlocks in the wrong place: before the last write of the
// section, on the rarer of two paths.
//
// want: race
package unlockplace

import (
	"sync"
	"testing"
)

type stats struct {
	mu    sync.Mutex
	count int
	max   int
}

func (s *stats) add(v int) {
	s.mu.Lock()
	s.count++
	bigger := v > s.max
	s.mu.Unlock()
	if bigger {
		s.max = v
	}
}

// Scenario adds two values at once.
func Scenario(t *testing.T) {
	var s stats
	var wg sync.WaitGroup
	wg.Go(func() { s.add(1) })
	wg.Go(func() { s.add(2) })
	wg.Wait()
	if s.count != 2 {
		t.Errorf("count is %d, want 2", s.count)
	}
}
