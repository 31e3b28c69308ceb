// Package casonce is a Once of an atomic flag, for the quick way, and a lock, so that
// who comes second waits.
package casonce

import (
	"sync"
	"sync/atomic"
	"testing"
)

type once struct {
	done atomic.Bool
	mu   sync.Mutex
}

func (o *once) do(f func()) {
	if o.done.Load() {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.done.Load() {
		defer o.done.Store(true)
		f()
	}
}

// Scenario initialises a value from three goroutines.
func Scenario(t *testing.T) {
	var o once
	value := 0
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			o.do(func() { value++ })
			if value != 1 {
				t.Errorf("value is %d after do, want 1", value)
			}
		})
	}
	wg.Wait()
}
