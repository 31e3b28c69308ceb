// Package signalforbroadcast opens a gate with Broadcast: all who wait may pass.
package signalforbroadcast

import (
	"sync"
	"testing"
)

type gate struct {
	mu     sync.Mutex
	opened *sync.Cond
	open   bool
}

func newGate() *gate {
	g := &gate{}
	g.opened = sync.NewCond(&g.mu)
	return g
}

func (g *gate) pass() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for !g.open {
		g.opened.Wait()
	}
}

func (g *gate) unlatch() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.open = true
	g.opened.Broadcast()
}

// Scenario opens the gate for two goroutines.
func Scenario(t *testing.T) {
	g := newGate()
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(g.pass)
	}
	g.unlatch()
	wg.Wait()
}
