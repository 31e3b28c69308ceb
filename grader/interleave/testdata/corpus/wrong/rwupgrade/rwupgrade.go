// Package rwupgrade turns a read lock into a write lock by waiting for the other
// readers to go; two readers that do so wait for each other.
//
// want: deadlock
package rwupgrade

import (
	"sync"
	"testing"
)

type rwlock struct {
	mu      sync.Mutex
	changed *sync.Cond
	readers int
}

func (l *rwlock) rlock() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.readers++
}

func (l *rwlock) runlock() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.readers--
	l.changed.Broadcast()
}

// upgrade expects the caller to be a reader and waits until it is the only one.
func (l *rwlock) upgrade(write func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.readers > 1 {
		l.changed.Wait()
	}
	write()
}

// Scenario upgrades in two goroutines.
func Scenario(t *testing.T) {
	l := &rwlock{}
	l.changed = sync.NewCond(&l.mu)
	value := 0
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			l.rlock()
			defer l.runlock()
			l.upgrade(func() { value++ })
		})
	}
	wg.Wait()
	if value != 2 {
		t.Errorf("value is %d, want 2", value)
	}
}
