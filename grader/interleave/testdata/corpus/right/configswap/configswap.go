// Package configswap swaps an immutable configuration through an atomic.Pointer.
package configswap

import (
	"sync"
	"sync/atomic"
	"testing"
)

type config struct{ host, backup string }

// Scenario reads a configuration twice while it is swapped.
func Scenario(t *testing.T) {
	var current atomic.Pointer[config]
	current.Store(&config{"a", "a"})
	var wg sync.WaitGroup
	wg.Go(func() { current.Store(&config{"b", "b"}) })
	for range 2 {
		wg.Go(func() {
			if c := current.Load(); c.host != c.backup {
				t.Errorf("read half a configuration: %v", *c)
			}
		})
	}
	wg.Wait()
}
