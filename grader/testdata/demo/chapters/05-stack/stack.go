// Package stack is a stack for several goroutines.
package stack

// Stack is a last-in first-out list.
type Stack struct{}

// Push adds v.
func (s *Stack) Push(v int) {
	// TODO(5.1): keep v.
}

// Len returns how many there are.
func (s *Stack) Len() int { return 0 }
