// Package sendunderlock sends to a channel that is full while it holds the lock that
// the receiver wants first. The class is kubernetes#10182.
//
// want: deadlock
package sendunderlock

import (
	"sync"
	"testing"
)

type manager struct {
	mu      sync.Mutex
	status  map[string]string
	changes chan string
}

func (m *manager) set(pod, status string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.status[pod] = status
	m.changes <- pod
}

func (m *manager) sync() string {
	pod := <-m.changes
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.status[pod]
}

// Scenario sets two statuses while they are synced.
func Scenario(t *testing.T) {
	m := &manager{status: map[string]string{}, changes: make(chan string)}
	var wg sync.WaitGroup
	wg.Go(func() { m.set("a", "ready") })
	wg.Go(func() { m.set("b", "ready") })
	wg.Go(func() {
		m.sync()
		m.sync()
	})
	wg.Wait()
}
