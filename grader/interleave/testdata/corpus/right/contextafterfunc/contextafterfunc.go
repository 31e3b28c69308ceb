// Package contextafterfunc wakes a waiter on a condition when its context ends.
package contextafterfunc

import (
	"context"
	"sync"
	"testing"
)

// Scenario waits for an event that never comes until the context ends.
func Scenario(t *testing.T) {
	var mu sync.Mutex
	changed := sync.NewCond(&mu)
	ctx, cancel := context.WithCancel(context.Background())
	stop := context.AfterFunc(ctx, func() {
		mu.Lock()
		defer mu.Unlock()
		changed.Broadcast()
	})
	defer stop()
	go cancel()
	mu.Lock()
	defer mu.Unlock()
	for ctx.Err() == nil {
		changed.Wait()
	}
}
