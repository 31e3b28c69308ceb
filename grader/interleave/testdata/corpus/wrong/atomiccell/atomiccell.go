// Package atomiccell adds to an atomic in two steps, behind an interface and embedded in
// a type that has no name.
//
// want: wrong result
package atomiccell

import (
	"sync"
	"sync/atomic"
	"testing"
)

type cell interface {
	Load() int64
	Store(int64)
}

// Scenario adds twice.
func Scenario(t *testing.T) {
	var c cell = new(struct{ atomic.Int64 })
	add := func() { c.Store(c.Load() + 1) }
	var wg sync.WaitGroup
	wg.Go(add)
	add()
	wg.Wait()
	if n := c.Load(); n != 2 {
		t.Errorf("%d, want 2", n)
	}
}
