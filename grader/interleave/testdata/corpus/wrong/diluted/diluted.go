// Package diluted loses an update between two atomic operations, behind a long loop of
// others: a search that spends its schedules on the loop never comes to the end of it.
//
// want: wrong result
package diluted

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
)

const turns = 300

type counter struct{ n, noise atomic.Int64 }

func (c *counter) add() {
	for range turns {
		c.noise.Load()
		runtime.Gosched()
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
