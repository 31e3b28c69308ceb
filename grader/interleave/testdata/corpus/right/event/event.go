// Package event is an event that can be set, cleared and waited for: each waiter
// waits for the channel of its own generation.
package event

import (
	"sync"
	"testing"
)

type event struct {
	mu   sync.Mutex
	set  bool
	fire chan struct{}
}

func newEvent() *event { return &event{fire: make(chan struct{})} }

func (e *event) raise() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.set {
		e.set = true
		close(e.fire)
	}
}

func (e *event) clear() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.set {
		e.set = false
		e.fire = make(chan struct{})
	}
}

func (e *event) waitChan() <-chan struct{} {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.fire
}

// Scenario raises and clears the event under two waiters that came before.
func Scenario(t *testing.T) {
	e := newEvent()
	var wg sync.WaitGroup
	for range 2 {
		fire := e.waitChan()
		wg.Go(func() { <-fire })
	}
	wg.Go(e.raise)
	e.raise()
	e.clear()
	e.raise()
	wg.Wait()
}
