// Package addinside calls Add in the goroutine that is to be waited for, so that
// Wait may come first. The class is figure 9 of Tu et al., ASPLOS 2019.
//
// want: wrong result
package addinside

import (
	"sync"
	"sync/atomic"
	"testing"
)

type crew struct {
	wg   sync.WaitGroup
	done atomic.Int32
}

func (c *crew) work() {
	c.wg.Add(1)
	defer c.wg.Done()
	c.done.Add(1)
}

// Scenario waits for two goroutines that announce themselves.
func Scenario(t *testing.T) {
	var c crew
	for range 2 {
		go c.work()
	}
	c.wg.Wait()
	if n := c.done.Load(); n != 2 {
		t.Errorf("Wait returned after %d of 2 goroutines", n)
	}
}
