// Package ticketlock is a ticket lock whose next ticket is taken in two steps: two
// goroutines with the same ticket are served together, and the count goes on.
//
// want: wrong result
package ticketlock

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
)

type lock struct{ next, serving atomic.Int32 }

func (l *lock) lock() {
	ticket := l.next.Load()
	l.next.Store(ticket + 1)
	for l.serving.Load() < ticket {
		runtime.Gosched()
	}
}

func (l *lock) unlock() { l.serving.Add(1) }

// Scenario enters the section from two goroutines.
func Scenario(t *testing.T) {
	var l lock
	var inside atomic.Int32
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			l.lock()
			if n := inside.Add(1); n != 1 {
				t.Errorf("%d goroutines in the section, want 1", n)
			}
			inside.Add(-1)
			l.unlock()
		})
	}
	wg.Wait()
}
