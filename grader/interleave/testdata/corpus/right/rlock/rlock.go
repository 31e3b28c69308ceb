// Package rlock is a re-entrant lock with an explicit owner who alone may unlock.
package rlock

import (
	"sync"
	"testing"
)

type rlock struct {
	mu    sync.Mutex
	freed *sync.Cond
	owner int
	count int
}

func (l *rlock) lock(id int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.count > 0 && l.owner != id {
		l.freed.Wait()
	}
	l.owner = id
	l.count++
}

func (l *rlock) unlock(id int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.count == 0 || l.owner != id {
		return false
	}
	l.count--
	if l.count == 0 {
		l.freed.Signal()
	}
	return true
}

// Scenario counts under a doubly taken lock in two goroutines.
func Scenario(t *testing.T) {
	l := &rlock{}
	l.freed = sync.NewCond(&l.mu)
	n := 0
	var wg sync.WaitGroup
	for id := 1; id <= 2; id++ {
		wg.Go(func() {
			l.lock(id)
			l.lock(id)
			n++
			if l.unlock(3 - id) {
				t.Error("a stranger unlocked the lock")
			}
			l.unlock(id)
			l.unlock(id)
		})
	}
	wg.Wait()
	if n != 2 {
		t.Errorf("counted %d, want 2", n)
	}
}
