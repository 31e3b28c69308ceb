// Package donedrops selects between data and the end; when both are there, the end
// may win and the data is lost.
//
// want: wrong result
package donedrops

import (
	"testing"
)

// Scenario sends one value and ends.
func Scenario(t *testing.T) {
	values := make(chan int, 1)
	done := make(chan struct{})
	go func() {
		values <- 7
		close(done)
	}()
	sum := 0
	for {
		select {
		case v := <-values:
			sum += v
			continue
		case <-done:
		}
		break
	}
	if sum != 7 {
		t.Errorf("sum is %d, want 7", sum)
	}
}
