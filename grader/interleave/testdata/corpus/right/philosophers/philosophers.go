// Package philosophers seats three philosophers of whom one takes the right fork
// first.
package philosophers

import (
	"sync"
	"testing"
)

// Scenario lets each eat once.
func Scenario(t *testing.T) {
	var forks [3]sync.Mutex
	var wg sync.WaitGroup
	for i := range forks {
		left, right := &forks[i], &forks[(i+1)%3]
		if i == 2 {
			left, right = right, left
		}
		wg.Go(func() {
			left.Lock()
			defer left.Unlock()
			right.Lock()
			defer right.Unlock()
		})
	}
	wg.Wait()
}
