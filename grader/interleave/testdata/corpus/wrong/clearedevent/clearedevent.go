// Package clearedevent waits for an event in a loop over its flag: a waiter that was
// woken by Set finds the flag cleared again and sleeps on.
//
// want: deadlock
package clearedevent

import (
	"sync"
	"testing"
)

type event struct {
	mu      sync.Mutex
	changed *sync.Cond
	set     bool
}

func (e *event) fire() {
	e.mu.Lock()
	e.set = true
	e.mu.Unlock()
	e.changed.Broadcast()
}

func (e *event) clear() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.set = false
}

func (e *event) wait(ready chan<- struct{}) {
	e.mu.Lock()
	defer e.mu.Unlock()
	ready <- struct{}{}
	for !e.set {
		e.changed.Wait()
	}
}

// Scenario sets and clears the event under a waiter.
func Scenario(t *testing.T) {
	e := &event{}
	e.changed = sync.NewCond(&e.mu)
	ready := make(chan struct{}, 1)
	var wg sync.WaitGroup
	wg.Go(func() { e.wait(ready) })
	<-ready
	e.fire()
	e.clear()
	wg.Wait()
}
