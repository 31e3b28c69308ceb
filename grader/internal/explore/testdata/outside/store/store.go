// Package store is imported by the package that is explored.
package store

import "sync"

// Cell holds a number.
type Cell struct {
	mu sync.Mutex
	n  int
}

// Get returns the number.
func (c *Cell) Get() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n
}

// Set changes it.
func (c *Cell) Set(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n = n
}
