// Package atomiccell adds to an atomic in one step, and in a loop, behind interfaces.
package atomiccell

import (
	"sync"
	"sync/atomic"
	"testing"
)

type cell[V any] interface {
	Load() V
	CompareAndSwap(old, new V) bool
}

type count struct{ atomic.Int64 }

func add(c cell[int64]) {
	for {
		if n := c.Load(); c.CompareAndSwap(n, n+1) {
			return
		}
	}
}

// Scenario adds four times.
func Scenario(t *testing.T) {
	var c interface {
		cell[int64]
		Add(int64) int64
	} = new(count)
	var wg sync.WaitGroup
	wg.Go(func() {
		add(c)
		c.Add(1)
	})
	plus := c.Add
	plus(1)
	add(c)
	wg.Wait()
	if n := c.Load(); n != 4 {
		t.Errorf("%d, want 4", n)
	}
}
