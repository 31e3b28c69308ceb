// Package lockmap unlocks a lock of a map of locks under the map's read lock, while
// another goroutine waits for that very lock with the map's write lock held. The
// bug is hugo#3251.
//
// want: deadlock
package lockmap

import (
	"sync"
	"testing"
)

type locks struct {
	mu sync.RWMutex
	m  map[string]*sync.Mutex
}

func (l *locks) lock(url string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, ok := l.m[url]; !ok {
		l.m[url] = &sync.Mutex{}
	}
	l.m[url].Lock()
}

func (l *locks) unlock(url string) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if um, ok := l.m[url]; ok {
		um.Unlock()
	}
}

// Scenario fetches one address twice.
func Scenario(t *testing.T) {
	l := &locks{m: map[string]*sync.Mutex{}}
	fetched := 0
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			l.lock("example.org")
			fetched++
			l.unlock("example.org")
		})
	}
	wg.Wait()
	if fetched != 2 {
		t.Errorf("fetched %d times, want 2", fetched)
	}
}
