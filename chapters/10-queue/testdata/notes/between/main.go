// Command between looks at a stack while somebody is putting something on it.
package main

import (
	"fmt"
	"sync"
	"time"
)

// region stack
type Stack struct {
	mu    sync.Mutex
	items []string      // guarded by mu
	ready chan struct{} // a semaphore: one permit for each item
}

func (s *Stack) Put(item string) {
	s.mu.Lock()
	s.items = append(s.items, item)
	s.mu.Unlock()
	lookOutOfTheWindow()
	s.ready <- struct{}{}
}

func (s *Stack) TryGet() (string, bool) {
	select {
	case <-s.ready:
	default:
		return "", false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	last := len(s.items) - 1
	item := s.items[last]
	s.items = s.items[:last]
	return item, true
}

// endregion

// lookOutOfTheWindow takes a moment.
func lookOutOfTheWindow() { time.Sleep(50 * time.Millisecond) }

func main() {
	s := &Stack{ready: make(chan struct{}, 10)}
	// region main
	s.Put("rye")
	go s.Put("oat")
	time.Sleep(10 * time.Millisecond)
	fmt.Println(s.TryGet())
	fmt.Println(s.TryGet())
	// endregion
}
