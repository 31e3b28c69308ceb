// Package buffersize uses a channel with room for two as a lock.
//
// want: race
package buffersize

import (
	"sync"
	"testing"
)

// Scenario counts under the lock in three goroutines.
func Scenario(t *testing.T) {
	lock := make(chan struct{}, 2)
	n := 0
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			lock <- struct{}{}
			n++
			<-lock
		})
	}
	wg.Wait()
	if n > 3 {
		t.Errorf("counted %d, want at most 3", n)
	}
}
