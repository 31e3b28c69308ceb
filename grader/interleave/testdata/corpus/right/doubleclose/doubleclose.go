// Package doubleclose closes a channel through a sync.Once.
package doubleclose

import (
	"sync"
	"testing"
)

type client struct {
	once   sync.Once
	closed chan struct{}
}

func (c *client) close() {
	c.once.Do(func() { close(c.closed) })
}

// Scenario closes the client from two goroutines while a third waits for the end.
func Scenario(t *testing.T) {
	c := &client{closed: make(chan struct{})}
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(c.close)
	}
	wg.Go(func() { <-c.closed })
	wg.Wait()
}
