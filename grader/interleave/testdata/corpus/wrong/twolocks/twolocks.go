// Package twolocks has a lock in each handle instead of one in what the handles share.
//
// want: race
package twolocks

import (
	"sync"
	"testing"
)

type handle struct {
	mu     sync.Mutex
	shared *int
}

func (h *handle) add(n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	*h.shared += n
}

// Scenario adds through two handles.
func Scenario(t *testing.T) {
	sum := 0
	var wg sync.WaitGroup
	for range 2 {
		h := &handle{shared: &sum}
		wg.Go(func() { h.add(1) })
	}
	wg.Wait()
	if sum != 2 {
		t.Errorf("sum is %d, want 2", sum)
	}
}
