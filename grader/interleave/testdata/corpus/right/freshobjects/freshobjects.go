// Package freshobjects makes and drops many locks, channels and Onces: an address that
// is used again is a new object.
package freshobjects

import (
	"sync"
	"testing"
)

// Scenario uses each object once, in two goroutines.
func Scenario(t *testing.T) {
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for range 20 {
				once, mu, c := new(sync.Once), new(sync.Mutex), make(chan int, 1)
				ran := false
				once.Do(func() { ran = true })
				if !ran {
					t.Error("a fresh Once did not run its function")
				}
				if !mu.TryLock() {
					t.Error("a fresh Mutex is locked")
				}
				select {
				case c <- 1:
				default:
					t.Error("a fresh channel is full")
				}
			}
		})
	}
	wg.Wait()
}
