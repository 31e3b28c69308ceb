// Package missingunlock forgets to unlock on an early return, which only the second
// of two callers meets. The bug is grpc-go#795.
//
// want: deadlock
package missingunlock

import (
	"sync"
	"testing"
)

type server struct {
	mu      sync.Mutex
	stopped bool
}

func (s *server) stop() {
	s.mu.Lock()
	if s.stopped {
		return
	}
	s.stopped = true
	s.mu.Unlock()
}

// Scenario stops the server from two goroutines and looks at it.
func Scenario(t *testing.T) {
	var s server
	var wg sync.WaitGroup
	wg.Go(s.stop)
	wg.Go(s.stop)
	wg.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.stopped {
		t.Error("the server is not stopped")
	}
}
