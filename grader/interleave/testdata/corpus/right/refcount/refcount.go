// Package refcount takes a reference by a compare-and-swap from a count above zero.
package refcount

import (
	"sync"
	"sync/atomic"
	"testing"
)

type object struct {
	refs  atomic.Int32
	freed atomic.Bool
}

func (o *object) acquire() bool {
	for {
		n := o.refs.Load()
		if n == 0 {
			return false
		}
		if o.refs.CompareAndSwap(n, n+1) {
			return true
		}
	}
}

func (o *object) release() {
	if o.refs.Add(-1) == 0 {
		o.freed.Store(true)
	}
}

// Scenario uses an object in two goroutines while its owner lets go of it.
func Scenario(t *testing.T) {
	var o object
	o.refs.Store(1)
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			if o.acquire() {
				if o.freed.Load() {
					t.Error("a freed object is in use")
				}
				o.release()
			}
		})
	}
	wg.Go(o.release)
	wg.Wait()
	if !o.freed.Load() {
		t.Error("the object is not freed")
	}
}
