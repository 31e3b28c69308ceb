// Package lostwakeup spins for a flag that two goroutines set in one word by a load
// and a store: one flag can be lost, and its waiter never ends.
//
// want: no progress
package lostwakeup

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
)

type flags struct{ bits atomic.Uint32 }

func (f *flags) set(bit uint32)      { f.bits.Store(f.bits.Load() | bit) }
func (f *flags) has(bit uint32) bool { return f.bits.Load()&bit != 0 }

// Scenario sets two flags and waits for both.
func Scenario(t *testing.T) {
	var f flags
	var wg sync.WaitGroup
	wg.Go(func() { f.set(1) })
	wg.Go(func() { f.set(2) })
	for !f.has(1) || !f.has(2) {
		runtime.Gosched()
	}
	wg.Wait()
}
