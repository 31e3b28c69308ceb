// Package spinlock is a lock of one compare-and-swap that spins.
package spinlock

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
)

type spinLock struct{ held atomic.Bool }

func (l *spinLock) lock() {
	for !l.held.CompareAndSwap(false, true) {
		runtime.Gosched()
	}
}

func (l *spinLock) unlock() { l.held.Store(false) }

// Scenario counts under the lock in two goroutines.
func Scenario(t *testing.T) {
	var l spinLock
	n := 0
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			l.lock()
			n++
			l.unlock()
		})
	}
	wg.Wait()
	if n != 2 {
		t.Errorf("counted %d, want 2", n)
	}
}
