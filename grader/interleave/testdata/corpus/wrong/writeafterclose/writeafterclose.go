// Package writeafterclose asks in one lock section whether a transport is still open
// and writes in another, though it may have been closed in between. The class is
// grpc-go#1687.
//
// want: panic
package writeafterclose

import (
	"sync"
	"testing"
)

type transport struct {
	mu     sync.Mutex
	closed bool
	writes chan string
}

func (t *transport) open() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return !t.closed
}

func (t *transport) write(line string) {
	if !t.open() {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.writes <- line
}

func (t *transport) close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed = true
	close(t.writes)
}

// Scenario writes while the transport is closed.
func Scenario(t *testing.T) {
	tr := &transport{writes: make(chan string, 1)}
	var wg sync.WaitGroup
	wg.Go(func() { tr.write("hello") })
	wg.Go(tr.close)
	wg.Wait()
}
