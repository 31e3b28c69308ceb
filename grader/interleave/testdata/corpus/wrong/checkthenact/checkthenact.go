// Package checkthenact checks for a free seat under the read lock and books it
// under the write lock, without checking again.
//
// want: wrong result
package checkthenact

import (
	"sync"
	"testing"
)

type hall struct {
	mu   sync.RWMutex
	free int
}

func (h *hall) book() bool {
	h.mu.RLock()
	free := h.free
	h.mu.RUnlock()
	if free == 0 {
		return false
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.free--
	return true
}

// Scenario books the only seat twice at once.
func Scenario(t *testing.T) {
	h := &hall{free: 1}
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { h.book() })
	}
	wg.Wait()
	if h.free != 0 {
		t.Errorf("%d seats free, want 0", h.free)
	}
}
