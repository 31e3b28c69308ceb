// Package rwupgrade lets go of the read lock, takes the write lock and looks again.
package rwupgrade

import (
	"sync"
	"testing"
)

type cache struct {
	mu    sync.RWMutex
	value int
	loads int
}

func (c *cache) get() int {
	c.mu.RLock()
	v := c.value
	c.mu.RUnlock()
	if v != 0 {
		return v
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.value == 0 {
		c.value = 7
		c.loads++
	}
	return c.value
}

// Scenario asks for the value in three goroutines.
func Scenario(t *testing.T) {
	var c cache
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			if v := c.get(); v != 7 {
				t.Errorf("got %d, want 7", v)
			}
		})
	}
	wg.Wait()
	if c.loads != 1 {
		t.Errorf("loaded %d times, want 1", c.loads)
	}
}
