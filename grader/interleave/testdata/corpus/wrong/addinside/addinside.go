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

// Scenario waits for two goroutines that announce themselves.
func Scenario(t *testing.T) {
	var wg sync.WaitGroup
	var done atomic.Int32
	for range 2 {
		go func() {
			wg.Add(1)
			defer wg.Done()
			done.Add(1)
		}()
	}
	wg.Wait()
	if n := done.Load(); n != 2 {
		t.Errorf("Wait returned after %d of 2 goroutines", n)
	}
}
