// Package globalgate keeps its state in package-level variables: what one schedule
// leaves there, the next one finds. Each run leaves the gate as it was, if it is let
// run to its end.
package globalgate

import (
	"sync"
	"testing"
)

var (
	mu   sync.Mutex
	free = sync.NewCond(&mu)
	busy bool
)

func enter() {
	mu.Lock()
	defer mu.Unlock()
	for busy {
		free.Wait()
	}
	busy = true
}

func leave() {
	mu.Lock()
	defer mu.Unlock()
	busy = false
	free.Signal()
}

// Scenario lets three add through the gate.
func Scenario(t *testing.T) {
	n := 0
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			enter()
			n++
			leave()
		})
	}
	wg.Wait()
	if n != 3 {
		t.Errorf("n = %d after three went through the gate, want 3", n)
	}
}
