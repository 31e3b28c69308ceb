// Package strangerunlock is a re-entrant lock that does not look who unlocks it, so
// that a stranger's unlock lets a second goroutine in.
//
// want: wrong result
package strangerunlock

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

func (l *rlock) unlock() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.count == 0 {
		return false
	}
	l.count--
	l.freed.Signal()
	return true
}

// Scenario unlocks what another goroutine holds.
func Scenario(t *testing.T) {
	l := &rlock{}
	l.freed = sync.NewCond(&l.mu)
	var wg sync.WaitGroup
	wg.Go(func() {
		l.lock(1)
		if !l.unlock() {
			t.Error("goroutine 1 holds the lock and cannot unlock it")
		}
	})
	wg.Go(func() { l.unlock() })
	wg.Wait()
}
