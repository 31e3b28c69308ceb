// Package learned loses an addition, and says what came of the first schedule, which was
// an easy one.
//
// want: wrong result
package learned

import (
	"sync"
	"sync/atomic"
	"testing"
)

var heard = map[string]int64{}

// Scenario adds twice.
func Scenario(t *testing.T) {
	var c atomic.Int64
	add := func() { c.Store(c.Load() + 1) }
	var wg sync.WaitGroup
	wg.Go(add)
	add()
	wg.Wait()
	n, ok := heard["sum"]
	if !ok {
		n = c.Load()
		heard["sum"] = n
	}
	if n != 2 {
		t.Errorf("%d, want 2", n)
	}
}
