// Package nilchannel merges two channels and takes each out of the select, by
// setting it to nil, when it ends.
package nilchannel

import (
	"testing"
)

func count(from, n int) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for i := range n {
			out <- from + i
		}
	}()
	return out
}

// Scenario merges one and two values.
func Scenario(t *testing.T) {
	a, b := count(1, 1), count(2, 2)
	sum := 0
	for a != nil || b != nil {
		select {
		case v, ok := <-a:
			if !ok {
				a = nil
			}
			sum += v
		case v, ok := <-b:
			if !ok {
				b = nil
			}
			sum += v
		}
	}
	if sum != 6 {
		t.Errorf("sum is %d, want 6", sum)
	}
}
