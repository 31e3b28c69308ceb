// Package condrlocker waits on a condition whose lock is the reading half of an
// RWMutex.
package condrlocker

import (
	"sync"
	"testing"
)

// Scenario has two readers wait for a writer.
func Scenario(t *testing.T) {
	var mu sync.RWMutex
	changed := sync.NewCond(mu.RLocker())
	version := 0
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			changed.L.Lock()
			defer changed.L.Unlock()
			for version == 0 {
				changed.Wait()
			}
		})
	}
	wg.Go(func() {
		mu.Lock()
		version = 1
		mu.Unlock()
		changed.Broadcast()
	})
	wg.Wait()
}
