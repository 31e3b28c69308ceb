// Package aba is a lock-free stack over an array of nodes that compares only the
// index of the top node: if the same node was popped and pushed again meanwhile,
// the compare-and-swap succeeds with a stale next.
//
// want: wrong result
package aba

import (
	"sync"
	"sync/atomic"
	"testing"
)

const none = -1

type stack struct {
	top  atomic.Int32
	next [3]atomic.Int32
}

func (s *stack) push(node int32) {
	for {
		top := s.top.Load()
		s.next[node].Store(top)
		if s.top.CompareAndSwap(top, node) {
			return
		}
	}
}

func (s *stack) pop() int32 {
	for {
		top := s.top.Load()
		if top == none {
			return none
		}
		next := s.next[top].Load()
		if s.top.CompareAndSwap(top, next) {
			return top
		}
	}
}

// Scenario pops in one goroutine while another pops twice and gives the first back.
func Scenario(t *testing.T) {
	var s stack
	s.top.Store(none)
	for node := range int32(3) {
		s.push(node)
	}
	var mine, kept int32
	var wg sync.WaitGroup
	wg.Go(func() { mine = s.pop() })
	wg.Go(func() {
		first := s.pop()
		kept = s.pop()
		s.push(first)
	})
	wg.Wait()
	seen := map[int32]bool{mine: true}
	for node := kept; node != none; node = s.pop() {
		if seen[node] {
			t.Errorf("node %d came out twice", node)
			return
		}
		seen[node] = true
	}
}
