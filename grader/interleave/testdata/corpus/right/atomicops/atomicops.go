// Package atomicops meets the other operations of sync/atomic: swap, and, or, and a
// maximum by compare-and-swap, by functions and by types.
package atomicops

import (
	"sync"
	"sync/atomic"
	"testing"
)

// Scenario updates four numbers from two goroutines.
func Scenario(t *testing.T) {
	var top, sum int64
	var bits atomic.Uint32
	var last atomic.Value
	bits.Store(0xf0)
	last.Store(0)
	var wg sync.WaitGroup
	for i := range 2 {
		wg.Go(func() {
			v := int64(i + 1)
			for old := atomic.LoadInt64(&top); old < v; old = atomic.LoadInt64(&top) {
				if atomic.CompareAndSwapInt64(&top, old, v) {
					break
				}
			}
			atomic.AddInt64(&sum, v)
			bits.Or(1 << i)
			bits.And(^uint32(0x10 << i))
			last.Swap(i)
		})
	}
	wg.Wait()
	if top != 2 || sum != 3 || bits.Load() != 0xc3 {
		t.Errorf("max %d, sum %d, bits %#x, want 2, 3 and 0xc3", top, sum, bits.Load())
	}
}
