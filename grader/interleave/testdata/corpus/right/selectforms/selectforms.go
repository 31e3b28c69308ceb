// Package selectforms selects among sends and receives on shared and nil channels, with
// labels, assignments to what is not a variable, and calls in the cases.
package selectforms

import (
	"sync"
	"testing"
)

type box struct {
	last [2]int
	ok   map[string]bool
}

// Scenario passes three values through two channels, both ways.
func Scenario(t *testing.T) {
	a, b := make(chan int), make(chan int, 1)
	var never chan int
	quit := make(chan struct{})
	calls := 0
	value := func() int { calls++; return calls }
	var wg sync.WaitGroup
	wg.Go(func() {
		defer close(quit)
		for range 3 {
			select {
			case <-a:
			case <-b:
			}
		}
	})
	x := box{ok: map[string]bool{}}
	sent := 0
loop:
	for {
		select {
		case a <- value():
			sent++
		case b <- value():
			sent++
			continue loop
		case x.last[sent%2], x.ok["never"] = <-never:
			t.Error("received from a nil channel")
		case _, x.ok["quit"] = <-quit:
			break loop
		}
	}
	wg.Wait()
	if sent < 3 || sent > 4 || x.ok["quit"] || calls != 2*(sent+1) {
		t.Errorf("sent %d values after %d calls, %v", sent, calls, x.ok)
	}
}
