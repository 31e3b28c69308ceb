// Package addinside calls Add before the goroutines start.
package addinside

import (
	"sync"
	"sync/atomic"
	"testing"
)

// Scenario waits for two goroutines.
func Scenario(t *testing.T) {
	var wg sync.WaitGroup
	var done atomic.Int32
	wg.Add(2)
	for range 2 {
		go func() {
			defer wg.Done()
			done.Add(1)
		}()
	}
	wg.Wait()
	if n := done.Load(); n != 2 {
		t.Errorf("Wait returned after %d of 2 goroutines", n)
	}
}
