// Package syncmapmore uses the rest of sync.Map and of atomic.Value.
package syncmapmore

import (
	"sync"
	"sync/atomic"
	"testing"
)

// Scenario counts in a map by compare-and-swap and keeps the latest in a Value.
func Scenario(t *testing.T) {
	var m sync.Map
	var latest atomic.Value
	m.Store("n", 0)
	latest.Store("none")
	var wg sync.WaitGroup
	for _, name := range []string{"a", "b"} {
		wg.Go(func() {
			for {
				old, _ := m.Load("n")
				if m.CompareAndSwap("n", old, old.(int)+1) {
					break
				}
			}
			latest.Store(name)
		})
	}
	wg.Wait()
	if v, loaded := m.Swap("n", 9); v != 2 || !loaded {
		t.Errorf("counted %v, %v, want 2", v, loaded)
	}
	if !latest.CompareAndSwap(latest.Load(), "end") || m.CompareAndDelete("n", 8) {
		t.Error("compare-and-swap of the value present failed, or of another one worked")
	}
	m.Clear()
	m.Range(func(k, v any) bool {
		t.Errorf("%v is left after Clear", k)
		return true
	})
}
