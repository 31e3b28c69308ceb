// Package sleeppoll polls a flag with sleeps in between: slow, but right.
package sleeppoll

import (
	"sync/atomic"
	"testing"
	"time"
)

// Scenario polls until another goroutine has slept twice.
func Scenario(t *testing.T) {
	var ready atomic.Bool
	go func() {
		time.Sleep(3 * time.Millisecond)
		time.Sleep(3 * time.Millisecond)
		ready.Store(true)
	}()
	start := time.Now()
	for !ready.Load() {
		time.Sleep(time.Millisecond)
	}
	if waited := time.Since(start); waited < 6*time.Millisecond {
		t.Errorf("waited for %v, want at least 6ms", waited)
	}
}
