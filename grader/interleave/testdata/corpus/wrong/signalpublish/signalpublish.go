// Package signalpublish publishes a value by Signal alone, without the lock: Signal
// wakes, it does not order.
//
// want: race
package signalpublish

import (
	"sync"
	"testing"
)

type box struct {
	mu    sync.Mutex
	full  *sync.Cond
	set   bool
	value int
}

func (b *box) put(v int) {
	b.mu.Lock()
	b.set = true
	b.mu.Unlock()
	b.value = v
	b.full.Signal()
}

func (b *box) get() int {
	b.mu.Lock()
	for !b.set {
		b.full.Wait()
	}
	b.mu.Unlock()
	return b.value
}

// Scenario hands over one value.
func Scenario(t *testing.T) {
	b := &box{}
	b.full = sync.NewCond(&b.mu)
	var wg sync.WaitGroup
	wg.Go(func() { b.get() })
	wg.Go(func() { b.put(7) })
	wg.Wait()
}
