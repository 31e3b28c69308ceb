// Package missedsignal sets the condition under the lock, so that nobody can be
// between looking at it and going to sleep.
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
	l.mu.Lock()
	l.set.Store(true)
	l.mu.Unlock()
	l.cond.Broadcast()
}

func (l *latch) wait() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for !l.set.Load() {
		l.cond.Wait()
	}
}

// Scenario waits twice for a latch that another goroutine opens.
func Scenario(t *testing.T) {
	l := newLatch()
	var wg sync.WaitGroup
	wg.Go(l.wait)
	wg.Go(l.wait)
	wg.Go(l.open)
	wg.Wait()
}
