// Package tryspin takes a lock by trying until it works.
package tryspin

import (
	"runtime"
	"sync"
	"testing"
)

// Scenario counts under the lock in three goroutines.
func Scenario(t *testing.T) {
	var mu sync.Mutex
	n := 0
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for !mu.TryLock() {
				runtime.Gosched()
			}
			defer mu.Unlock()
			n++
		})
	}
	wg.Wait()
	if n != 3 {
		t.Errorf("counted %d, want 3", n)
	}
}
