// Package doublechecked keeps the pointer in an atomic, so that the look without
// the lock is allowed.
package doublechecked

import (
	"sync"
	"sync/atomic"
	"testing"
)

type config struct{ name string }

type lazy struct {
	mu    sync.Mutex
	cfg   atomic.Pointer[config]
	loads int
}

func (l *lazy) get() *config {
	if cfg := l.cfg.Load(); cfg != nil {
		return cfg
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if cfg := l.cfg.Load(); cfg != nil {
		return cfg
	}
	l.loads++
	cfg := &config{name: "default"}
	l.cfg.Store(cfg)
	return cfg
}

// Scenario asks for the value in three goroutines.
func Scenario(t *testing.T) {
	var l lazy
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			if l.get().name != "default" {
				t.Error("the value is not initialised")
			}
		})
	}
	wg.Wait()
	if l.loads != 1 {
		t.Errorf("loaded %d times, want 1", l.loads)
	}
}
