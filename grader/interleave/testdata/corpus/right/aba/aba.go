// Package aba is a lock-free stack over an array of nodes whose top carries a
// version in its upper half, so that a node that came back is told from one that
// stayed.
package aba

import (
	"sync"
	"sync/atomic"
	"testing"
)

const none = 0xffff

type stack struct {
	top  atomic.Uint64 // version << 16 | node
	next [3]atomic.Uint64
}

func (s *stack) push(node uint64) {
	for {
		top := s.top.Load()
		s.next[node].Store(top & none)
		if s.top.CompareAndSwap(top, (top>>16+1)<<16|node) {
			return
		}
	}
}

func (s *stack) pop() uint64 {
	for {
		top := s.top.Load()
		node := top & none
		if node == none {
			return none
		}
		next := s.next[node].Load()
		if s.top.CompareAndSwap(top, (top>>16+1)<<16|next) {
			return node
		}
	}
}

// Scenario pops in one goroutine while another pops twice and gives the first back.
func Scenario(t *testing.T) {
	var s stack
	s.top.Store(none)
	for node := range uint64(3) {
		s.push(node)
	}
	var mine, kept uint64
	var wg sync.WaitGroup
	wg.Go(func() { mine = s.pop() })
	wg.Go(func() {
		first := s.pop()
		kept = s.pop()
		s.push(first)
	})
	wg.Wait()
	seen := map[uint64]bool{mine: true}
	for node := kept; node != none; node = s.pop() {
		if seen[node] {
			t.Errorf("node %d came out twice", node)
			return
		}
		seen[node] = true
	}
	if len(seen) != 3 {
		t.Errorf("%d nodes came out, want 3", len(seen))
	}
}
