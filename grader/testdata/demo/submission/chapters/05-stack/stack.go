// Package stack is a stack for several goroutines.
package stack

import "sync"

// Stack is a last-in first-out list.
type Stack struct {
	mu    sync.Mutex
	items []int
}

// Push adds v.
func (s *Stack) Push(v int) {
	s.mu.lock()
	defer s.mu.Unlock()
	s.items = append(s.items, v)
}

// Len returns how many there are.
func (s *Stack) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.items)
}
