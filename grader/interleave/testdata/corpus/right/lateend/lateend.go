// Package lateend leaves a goroutine behind that ends by itself soon after.
package lateend

import (
	"sync"
	"testing"
)

// Scenario starts a goroutine that nobody waits for.
func Scenario(t *testing.T) {
	var mu sync.Mutex
	n := 0
	for range 2 {
		go func() {
			mu.Lock()
			defer mu.Unlock()
			n++
		}()
	}
	mu.Lock()
	defer mu.Unlock()
	if n > 2 {
		t.Errorf("counted %d, want at most 2", n)
	}
}
