// Package missedsignal decides to wait before it takes the lock: a signal given
// between the two wakes nobody.
//
// want: deadlock
package missedsignal

import (
	"sync"
	"sync/atomic"
	"testing"
)

type latch struct {
	mu   sync.Mutex
	cond *sync.Cond
	set  atomic.Bool
}

func newLatch() *latch {
	l := &latch{}
	l.cond = sync.NewCond(&l.mu)
	return l
}

func (l *latch) open() {
	l.set.Store(true)
	l.cond.Broadcast()
}

func (l *latch) wait() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for !l.set.Load() {
		l.cond.Wait()
	}
}

// Scenario waits for a latch that another goroutine opens.
func Scenario(t *testing.T) {
	l := newLatch()
	var wg sync.WaitGroup
	wg.Go(l.wait)
	wg.Go(l.open)
	wg.Wait()
}
