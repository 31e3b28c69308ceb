// Package callbackunderlock calls back with the lock held that the callback takes as
// well, if there is something to report. The class is etcd#10492.
//
// want: deadlock
package callbackunderlock

import (
	"sync"
	"testing"
)

type lessor struct {
	mu         sync.Mutex
	remaining  int
	checkpoint func(remaining int)
}

func (l *lessor) renew() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.remaining > 0 {
		l.checkpoint(0)
	}
}

func (l *lessor) setRemaining(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.remaining = n
}

// Scenario renews a lease while time is left over on it.
func Scenario(t *testing.T) {
	l := &lessor{}
	l.checkpoint = l.setRemaining
	var wg sync.WaitGroup
	wg.Go(l.renew)
	wg.Go(func() { l.setRemaining(3) })
	wg.Wait()
}
