// Package pipeline stops its stages when the reader has seen enough.
package pipeline

import (
	"sync"
	"testing"
)

func stage(done <-chan struct{}, wg *sync.WaitGroup, in <-chan int, f func(int) int) <-chan int {
	out := make(chan int)
	wg.Go(func() {
		defer close(out)
		for v := range in {
			select {
			case out <- f(v):
			case <-done:
				return
			}
		}
	})
	return out
}

// Scenario takes the first of two squares and stops.
func Scenario(t *testing.T) {
	in := make(chan int, 2)
	in <- 2
	in <- 3
	close(in)
	done := make(chan struct{})
	var wg sync.WaitGroup
	squares := stage(done, &wg, in, func(v int) int { return v * v })
	if v := <-stage(done, &wg, squares, func(v int) int { return v + 1 }); v != 5 {
		t.Errorf("first result is %d, want 5", v)
	}
	close(done)
	wg.Wait()
}
