// Package unlockplace unlocks after the last write of the section.
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
	defer s.mu.Unlock()
	s.count++
	s.max = max(s.max, v)
}

// Scenario adds three values at once.
func Scenario(t *testing.T) {
	var s stats
	var wg sync.WaitGroup
	for v := range 3 {
		wg.Go(func() { s.add(v) })
	}
	wg.Wait()
	if s.count != 3 || s.max != 2 {
		t.Errorf("count %d, max %d, want 3 and 2", s.count, s.max)
	}
}
