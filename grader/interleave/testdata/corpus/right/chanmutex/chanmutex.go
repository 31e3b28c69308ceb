// Package chanmutex uses a channel with room for one as a lock with a try.
package chanmutex

import (
	"sync"
	"testing"
)

type mutex chan struct{}

func (m mutex) lock()   { m <- struct{}{} }
func (m mutex) unlock() { <-m }

func (m mutex) tryLock() bool {
	select {
	case m <- struct{}{}:
		return true
	default:
		return false
	}
}

// Scenario counts under the lock in two goroutines and tries it in a third.
func Scenario(t *testing.T) {
	m := make(mutex, 1)
	n := 0
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			m.lock()
			defer m.unlock()
			n++
		})
	}
	extra := 0
	if m.tryLock() {
		n++
		extra = 1
		m.unlock()
	}
	wg.Wait()
	if n != 2+extra {
		t.Errorf("counted %d, want %d", n, 2+extra)
	}
}
