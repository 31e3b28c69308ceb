// Package lookaround reads fifty flags, twice, while another sleeps: nothing changes for
// a long time, and yet nobody waits for anything that only time brings.
package lookaround

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Scenario wants the sum before the sleep is over.
func Scenario(t *testing.T) {
	var flags [50]atomic.Bool
	for i := range flags {
		flags[i].Store(i%2 == 0)
	}
	var found atomic.Int64
	var wg sync.WaitGroup
	wg.Go(func() {
		n := 0
		for range 2 {
			for i := range flags {
				if flags[i].Load() {
					n++
				}
			}
		}
		found.Store(int64(n))
	})
	time.Sleep(time.Millisecond)
	if n := found.Load(); n != 50 {
		t.Errorf("found %d after a while, want 50", n)
	}
	wg.Wait()
}
