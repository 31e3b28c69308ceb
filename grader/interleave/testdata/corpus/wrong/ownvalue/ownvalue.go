// Package ownvalue swaps two values over one buffered channel: a fast goroutine takes
// its own value back.
//
// want: wrong result
package ownvalue

import (
	"sync"
	"testing"
)

// Scenario swaps a value between two goroutines over one buffered channel.
func Scenario(t *testing.T) {
	swap := make(chan int, 2)
	var wg sync.WaitGroup
	for me := range 2 {
		wg.Go(func() {
			swap <- me
			if got := <-swap; got == me {
				t.Errorf("goroutine %d got its own value", me)
			}
		})
	}
	wg.Wait()
}
