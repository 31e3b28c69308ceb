// Package leakedrlock returns with the read lock held when the client turns out to
// be closing. The bug is etcd#5509.
//
// want: deadlock
package leakedrlock

import (
	"errors"
	"sync"
	"testing"
)

var errClosing = errors.New("closing")

type client struct {
	mu      sync.RWMutex
	closing bool
	calls   int
}

func (c *client) acquire() error {
	c.mu.RLock()
	if c.closing {
		return errClosing
	}
	return nil
}

func (c *client) get() error {
	if err := c.acquire(); err != nil {
		return err
	}
	defer c.mu.RUnlock()
	return nil
}

func (c *client) close() {
	c.mu.Lock()
	c.closing = true
	c.mu.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls = 0
}

// Scenario gets while the client is being closed.
func Scenario(t *testing.T) {
	var c client
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := c.get(); err != nil && !errors.Is(err, errClosing) {
			t.Error(err)
		}
	})
	wg.Go(c.close)
	wg.Wait()
}
