// Package waitinloop waits for all goroutines inside the loop that starts them.
// The bug is docker#25384, figure 5 of Tu et al., ASPLOS 2019.
//
// want: deadlock
package waitinloop

import (
	"sync"
	"testing"
)

// Scenario removes two plugins at once.
func Scenario(t *testing.T) {
	var wg sync.WaitGroup
	var mu sync.Mutex
	removed := 0
	plugins := []string{"a", "b"}
	wg.Add(len(plugins))
	for range plugins {
		go func() {
			defer wg.Done()
			mu.Lock()
			defer mu.Unlock()
			removed++
		}()
		wg.Wait()
	}
	if removed != 2 {
		t.Errorf("removed %d, want 2", removed)
	}
}
