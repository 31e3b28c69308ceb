// Package recursiverlock takes the read lock twice on one path; a writer that asks
// in between makes the second wait for the writer and the writer for the first.
// The bug is kubernetes#62464.
//
// want: deadlock
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

func (s *state) defaultSet() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.initial
}

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
	wg.Wait()
}
