// Package timermutex leaves a lock held when a timer fires just as it is cancelled:
// the callback finds the entry gone and returns early. The class is grpc-go#3017.
//
// want: deadlock
package timermutex

import (
	"sync"
	"testing"
	"time"
)

type cache struct {
	mu      sync.Mutex
	pending *time.Timer
	entries int
}

func (c *cache) removeLater() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pending = time.AfterFunc(time.Millisecond, func() {
		c.mu.Lock()
		if c.pending == nil {
			return
		}
		c.entries--
		c.pending = nil
		c.mu.Unlock()
	})
}

func (c *cache) reuse() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pending != nil {
		c.pending.Stop()
		c.pending = nil
	}
}

// Scenario wants an entry back at the moment at which it is removed.
func Scenario(t *testing.T) {
	c := &cache{entries: 1}
	c.removeLater()
	time.Sleep(time.Millisecond)
	c.reuse()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.entries < 0 {
		t.Errorf("%d entries, want 0 or 1", c.entries)
	}
}
