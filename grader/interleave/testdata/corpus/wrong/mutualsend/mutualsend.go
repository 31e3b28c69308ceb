// Package mutualsend has two event loops that send to each other on unbuffered
// channels while neither receives. The class is cockroach#2448.
//
// want: deadlock
package mutualsend

import (
	"sync"
	"testing"
)

// loop handles one own event, which it tells the other, and one of the other's.
func loop(own <-chan struct{}, to chan<- int, from <-chan int) {
	for range 2 {
		select {
		case <-own:
			to <- 1
		case <-from:
		}
	}
}

// Scenario runs two loops with an event each.
func Scenario(t *testing.T) {
	ab, ba := make(chan int), make(chan int)
	event := func() <-chan struct{} {
		c := make(chan struct{}, 1)
		c <- struct{}{}
		return c
	}
	var wg sync.WaitGroup
	wg.Go(func() { loop(event(), ab, ba) })
	wg.Go(func() { loop(event(), ba, ab) })
	wg.Wait()
}
