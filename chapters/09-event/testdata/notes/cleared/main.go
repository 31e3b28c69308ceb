// Command cleared opens a gate for a moment.
package main

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// region event
type Event struct {
	mu   sync.Mutex
	cond *sync.Cond // on mu
	set  bool       // guarded by mu
}

func (e *Event) Set() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.set = true
	e.cond.Broadcast()
}

func (e *Event) Clear() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.set = false
}

func (e *Event) Wait() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for !e.set {
		e.cond.Wait()
	}
}

// endregion

func main() {
	gate := &Event{}
	gate.cond = sync.NewCond(&gate.mu)
	var through atomic.Int64
	// region main
	for range 3 {
		go func() {
			gate.Wait()
			through.Add(1)
		}()
	}
	time.Sleep(50 * time.Millisecond) // all three wait
	gate.Set()
	gate.Clear()
	time.Sleep(50 * time.Millisecond)
	fmt.Println("through the gate:", through.Load(), "of 3")
	// endregion
}
