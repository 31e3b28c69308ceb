// Package loadstore adds to an atomic number by a load and a store.
//
// want: wrong result
package loadstore

import (
	"sync"
	"sync/atomic"
	"testing"
)

// Scenario counts to two in two goroutines.
func Scenario(t *testing.T) {
	var n atomic.Int64
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { n.Store(n.Load() + 1) })
	}
	wg.Wait()
	if got := n.Load(); got != 2 {
		t.Errorf("counted %d, want 2", got)
	}
}
