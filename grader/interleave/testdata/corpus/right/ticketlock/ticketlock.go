// Package ticketlock serves its callers in the order of their tickets.
package ticketlock

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
)

type lock struct{ next, serving atomic.Int32 }

func (l *lock) lock() {
	ticket := l.next.Add(1) - 1
	for l.serving.Load() != ticket {
		runtime.Gosched()
	}
}

func (l *lock) unlock() { l.serving.Add(1) }

// Scenario counts under the lock in three goroutines.
func Scenario(t *testing.T) {
	var l lock
	n := 0
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			l.lock()
			n++
			l.unlock()
		})
	}
	wg.Wait()
	if n != 3 {
		t.Errorf("counted %d, want 3", n)
	}
}
