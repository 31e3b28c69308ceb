// Package casonce is a Once made of a compare-and-swap: who comes second does not
// wait until the first has finished.
//
// want: wrong result
package casonce

import (
	"sync"
	"sync/atomic"
	"testing"
)

type once struct{ done atomic.Bool }

func (o *once) do(f func()) {
	if o.done.CompareAndSwap(false, true) {
		f()
	}
}

// Scenario initialises a value from two goroutines.
func Scenario(t *testing.T) {
	var o once
	var value atomic.Int64
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			o.do(func() { value.Store(7) })
			if v := value.Load(); v != 7 {
				t.Errorf("value is %d after do, want 7", v)
			}
		})
	}
	wg.Wait()
}
