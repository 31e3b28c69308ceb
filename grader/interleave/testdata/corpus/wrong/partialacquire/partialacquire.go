// Package partialacquire takes two permits one by one, so that two goroutines can
// hold one each and wait for the other's.
//
// want: deadlock
package partialacquire

import (
	"sync"
	"testing"
)

type semaphore chan struct{}

func (s semaphore) acquire(n int) {
	for range n {
		s <- struct{}{}
	}
}

func (s semaphore) release(n int) {
	for range n {
		<-s
	}
}

// Scenario acquires both of two permits in two goroutines.
func Scenario(t *testing.T) {
	s := make(semaphore, 2)
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			s.acquire(2)
			s.release(2)
		})
	}
	wg.Wait()
}
