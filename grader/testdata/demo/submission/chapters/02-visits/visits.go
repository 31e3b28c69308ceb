// Package visits counts the visits to a page.
package visits

import "sync"

// Counter is a number that goes up. It may be used by several goroutines at once.
type Counter struct {
	mu sync.Mutex
	n  int
}

// Add adds one.
func (c *Counter) Add() {
	c.mu.Lock()
	n := c.n
	c.mu.Unlock()
	c.n = n + 1
}

// Value returns how often Add was called.
func (c *Counter) Value() int { return c.n }
