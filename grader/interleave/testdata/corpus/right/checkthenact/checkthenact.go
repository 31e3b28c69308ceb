// Package checkthenact looks under the read lock first and checks again under
// the write lock before it books a seat.
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
	if h.free == 0 {
		return false
	}
	h.free--
	return true
}

// Scenario books the only seat three times at once.
func Scenario(t *testing.T) {
	h := &hall{free: 1}
	booked := make([]bool, 3)
	var wg sync.WaitGroup
	for i := range booked {
		wg.Go(func() { booked[i] = h.book() })
	}
	wg.Wait()
	n := 0
	for _, b := range booked {
		if b {
			n++
		}
	}
	if n != 1 || h.free != 0 {
		t.Errorf("%d bookings and %d seats free, want 1 and 0", n, h.free)
	}
}
