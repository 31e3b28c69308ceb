// Package contendedrace counts, without the lock, how often it could not get the
// lock at once. The race is on the path that runs only under contention.
//
// want: race
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
	if !c.mu.TryLock() {
		c.missed++
		c.mu.Lock()
	}
	defer c.mu.Unlock()
	c.n++
}

func (c *counter) report() (n, missed int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n, c.missed
}

// Scenario counts in two goroutines and asks for a report meanwhile.
func Scenario(t *testing.T) {
	var c counter
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(c.inc)
	}
	wg.Go(func() { c.report() })
	wg.Wait()
	if n, _ := c.report(); n != 2 {
		t.Errorf("counted %d, want 2", n)
	}
}
