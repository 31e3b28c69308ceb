// Package impatient waits for the other goroutine to move, but not for long, and then
// loses an update between two atomic operations. Whoever takes the loop for one that only ends
// when something changes never looks behind it.
//
// want: wrong result
package impatient

import (
	"sync"
	"sync/atomic"
	"testing"
)

const patience = 25

type counter struct{ n, turn atomic.Int64 }

func (c *counter) add() {
	me := c.turn.Add(1)
	for i := 0; c.turn.Load() == me && i < patience; i++ {
	}
	c.n.Store(c.n.Load() + 1)
}

// Scenario adds one twice.
func Scenario(t *testing.T) {
	var c counter
	var wg sync.WaitGroup
	wg.Go(c.add)
	wg.Go(c.add)
	wg.Wait()
	if got := c.n.Load(); got != 2 {
		t.Errorf("n = %d after two adds, want 2", got)
	}
}
