// Package longchan hands very many values over while somebody waits for the end of it: no time-out
// of a second is due.
package longchan

import (
	"testing"
	"time"
)

// Scenario adds up to 400.
func Scenario(t *testing.T) {
	c, sum := make(chan int), make(chan int)
	go func() {
		defer close(c)
		for range 400 {
			c <- 1
		}
	}()
	go func() {
		n := 0
		for v := range c {
			n += v
		}
		sum <- n
	}()
	select {
	case n := <-sum:
		if n != 400 {
			t.Errorf("the sum is %d", n)
		}
	case <-time.After(time.Second):
		t.Errorf("it takes more than a second, and comes to %d", <-sum)
	}
}
