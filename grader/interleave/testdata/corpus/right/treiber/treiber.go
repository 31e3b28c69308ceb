// Package treiber is Treiber's lock-free stack. Nodes are never used twice and the
// collector keeps those that are being looked at: no ABA.
package treiber

import (
	"sync"
	"sync/atomic"
	"testing"
)

type node struct {
	value int
	next  *node
}

type stack struct{ top atomic.Pointer[node] }

func (s *stack) push(v int) {
	n := &node{value: v}
	for {
		n.next = s.top.Load()
		if s.top.CompareAndSwap(n.next, n) {
			return
		}
	}
}

func (s *stack) pop() (int, bool) {
	for {
		n := s.top.Load()
		if n == nil {
			return 0, false
		}
		if s.top.CompareAndSwap(n, n.next) {
			return n.value, true
		}
	}
}

// Scenario pushes and pops in two goroutines and empties the stack.
func Scenario(t *testing.T) {
	var s stack
	s.push(1)
	sums := make([]int, 2)
	var wg sync.WaitGroup
	for i := range sums {
		wg.Go(func() {
			s.push(i + 2)
			sums[i], _ = s.pop()
		})
	}
	wg.Wait()
	sum := sums[0] + sums[1]
	for v, ok := s.pop(); ok; v, ok = s.pop() {
		sum += v
	}
	if sum != 6 {
		t.Errorf("the values that came out make %d, want 6", sum)
	}
}
