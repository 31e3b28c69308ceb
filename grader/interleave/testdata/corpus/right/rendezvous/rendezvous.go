// Package rendezvous lets two goroutines wait for each other and swap a value.
package rendezvous

import (
	"sync"
	"testing"
)

// Scenario swaps two values.
func Scenario(t *testing.T) {
	ab, ba := make(chan int), make(chan int, 1)
	var wg sync.WaitGroup
	wg.Go(func() {
		ab <- 1
		if v := <-ba; v != 2 {
			t.Errorf("a got %d, want 2", v)
		}
	})
	wg.Go(func() {
		ba <- 2
		if v := <-ab; v != 1 {
			t.Errorf("b got %d, want 1", v)
		}
	})
	wg.Wait()
}
