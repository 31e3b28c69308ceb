// Package contendedrace counts how often it could not get the lock at once, with
// the lock held.
package contendedrace

import (
	"sync"
	"testing"
)

type counter struct {
	mu     sync.Mutex
	n      int
	missed int
}

func (c *counter) inc() {
	missed := 0
	if !c.mu.TryLock() {
		missed = 1
		c.mu.Lock()
	}
	defer c.mu.Unlock()
	c.missed += missed
	c.n++
}

// Scenario counts in three goroutines.
func Scenario(t *testing.T) {
	var c counter
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(c.inc)
	}
	wg.Wait()
	if c.n != 3 || c.missed > 2 {
		t.Errorf("counted %d with %d misses, want 3 with at most 2", c.n, c.missed)
	}
}
