// Package recursiverlock takes the read lock once and calls a helper that expects
// it held.
package recursiverlock

import (
	"sync"
	"testing"
)

type state struct {
	mu      sync.RWMutex
	sets    map[string]int
	initial int
}

// defaultSet expects mu to be held.
func (s *state) defaultSet() int { return s.initial }

func (s *state) get(id string) int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if set, ok := s.sets[id]; ok {
		return set
	}
	return s.defaultSet()
}

func (s *state) setDefault(v int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.initial = v
}

// Scenario reads with the default while it is changed.
func Scenario(t *testing.T) {
	s := &state{sets: map[string]int{}, initial: 1}
	var wg sync.WaitGroup
	wg.Go(func() { s.get("pod") })
	wg.Go(func() { s.setDefault(2) })
	wg.Go(func() {
		if got := s.get("job"); got != 1 && got != 2 {
			t.Errorf("got %d, want 1 or 2", got)
		}
	})
	wg.Wait()
}
