// Package condunderrlock sleeps on a condition with a read lock held; a writer that
// asks for the lock then keeps out the reader that would have woken it. The class is
// kubernetes#58107.
//
// want: deadlock
package condunderrlock

import (
	"sync"
	"testing"
)

type controller struct {
	workers sync.RWMutex
	mu      sync.Mutex
	added   *sync.Cond
	queued  int
}

func (c *controller) work() {
	c.workers.RLock()
	defer c.workers.RUnlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.queued == 0 {
		c.added.Wait()
	}
	c.queued--
}

func (c *controller) add() {
	c.workers.RLock()
	defer c.workers.RUnlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.queued++
	c.added.Signal()
}

func (c *controller) resync() {
	c.workers.Lock()
	defer c.workers.Unlock()
}

// Scenario works, adds and resyncs at once.
func Scenario(t *testing.T) {
	c := &controller{}
	c.added = sync.NewCond(&c.mu)
	var wg sync.WaitGroup
	wg.Go(c.work)
	wg.Go(c.resync)
	wg.Go(c.add)
	wg.Wait()
}
