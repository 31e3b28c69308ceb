// Package waitgroups waits for one group from two goroutines and uses it again.
package waitgroups

import (
	"sync"
	"testing"
)

// Scenario has two rounds.
func Scenario(t *testing.T) {
	var round, waiters sync.WaitGroup
	for i := range 2 {
		n := 0
		var mu sync.Mutex
		for range 2 {
			round.Go(func() {
				mu.Lock()
				defer mu.Unlock()
				n++
			})
		}
		for range 2 {
			waiters.Go(func() {
				round.Wait()
				if n != 2 {
					t.Errorf("round %d: %d of 2 are done", i, n)
				}
			})
		}
		waiters.Wait()
	}
}
