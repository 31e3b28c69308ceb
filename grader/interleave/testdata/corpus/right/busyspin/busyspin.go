// Package busyspin spins on an atomic without giving way: right under a fair
// scheduler, though impolite.
package busyspin

import (
	"sync"
	"sync/atomic"
	"testing"
)

// Scenario hands a value over through a flag.
func Scenario(t *testing.T) {
	var ready atomic.Bool
	value := 0
	var wg sync.WaitGroup
	wg.Go(func() {
		value = 7
		ready.Store(true)
	})
	wg.Go(func() {
		for !ready.Load() {
		}
		if value != 7 {
			t.Errorf("value is %d, want 7", value)
		}
	})
	wg.Wait()
}
