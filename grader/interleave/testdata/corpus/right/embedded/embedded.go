// Package embedded locks by promoted methods, method values, method expressions and
// the Locker interface.
package embedded

import (
	"sync"
	"testing"
)

type counter struct {
	sync.Mutex
	n int
}

type guarded struct {
	*counter
	sync.Locker
}

func with(l sync.Locker, f func()) {
	l.Lock()
	defer l.Unlock()
	f()
}

// Scenario counts to four in four ways.
func Scenario(t *testing.T) {
	c := &counter{}
	inc := func() { c.n++ }
	var wg sync.WaitGroup
	wg.Go(func() {
		c.Lock()
		defer c.Unlock()
		inc()
	})
	wg.Go(func() { with(c, inc) })
	wg.Go(func() {
		lock, unlock := c.Lock, c.Mutex.Unlock
		lock()
		inc()
		unlock()
	})
	wg.Go(func() {
		g := guarded{counter: c, Locker: c}
		(*sync.Mutex).Lock(&g.counter.Mutex)
		inc()
		g.Locker.Unlock()
	})
	wg.Wait()
	if c.n != 4 {
		t.Errorf("counted %d, want 4", c.n)
	}
}
