// Package partialacquire takes several permits at once, under a lock and a
// condition: all of them or none.
package partialacquire

import (
	"sync"
	"testing"
)

type semaphore struct {
	mu    sync.Mutex
	freed *sync.Cond
	free  int
}

func newSemaphore(n int) *semaphore {
	s := &semaphore{free: n}
	s.freed = sync.NewCond(&s.mu)
	return s
}

func (s *semaphore) acquire(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.free < n {
		s.freed.Wait()
	}
	s.free -= n
}

func (s *semaphore) release(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.free += n
	s.freed.Broadcast()
}

// Scenario acquires both of two permits in two goroutines, and one in a third.
func Scenario(t *testing.T) {
	s := newSemaphore(2)
	var wg sync.WaitGroup
	for _, n := range []int{2, 2, 1} {
		wg.Go(func() {
			s.acquire(n)
			s.release(n)
		})
	}
	wg.Wait()
	if s.free != 2 {
		t.Errorf("%d permits free, want 2", s.free)
	}
}
