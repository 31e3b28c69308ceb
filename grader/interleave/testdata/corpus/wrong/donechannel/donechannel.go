// Package donechannel sends on its done channel with the lock held that the other
// side takes before it receives. The bug is istio#16224.
//
// want: deadlock
package donechannel

import (
	"sync"
	"testing"
)

// Scenario handles an event and waits for it.
func Scenario(t *testing.T) {
	var mu sync.Mutex
	events := 0
	done := make(chan struct{})
	go func() {
		mu.Lock()
		defer mu.Unlock()
		events++
		if events == 1 {
			done <- struct{}{}
		}
	}()
	mu.Lock()
	seen := events
	mu.Unlock()
	<-done
	if seen > 1 {
		t.Errorf("%d events, want at most 1", seen)
	}
}
