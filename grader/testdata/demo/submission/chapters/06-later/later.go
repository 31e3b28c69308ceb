// Package later is a list that nobody has begun to write.
package later

// Stack is a last-in first-out list.
type Stack struct{}

// Push adds v.
func (s *Stack) Push(v int) {
	// TODO(6.1): keep v.
}

// Len returns how many there are.
func (s *Stack) Len() int { return 0 }
