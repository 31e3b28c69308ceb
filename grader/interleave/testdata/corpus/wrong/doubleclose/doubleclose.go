// Package doubleclose checks whether a channel is closed and closes it in two
// steps. The class is figure 10 of Tu et al., ASPLOS 2019 (docker#24007).
//
// want: panic
package doubleclose

import (
	"sync"
	"testing"
)

type client struct {
	closed chan struct{}
}

func (c *client) close() {
	select {
	case <-c.closed:
	default:
		close(c.closed)
	}
}

// Scenario closes the client from two goroutines.
func Scenario(t *testing.T) {
	c := &client{closed: make(chan struct{})}
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(c.close)
	}
	wg.Wait()
}
