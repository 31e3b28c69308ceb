// Package barrier is a barrier that resets its count when the last one has come: who
// wakes late finds the next round's count and waits for a round that is over.
//
// want: deadlock
package barrier

import (
	"sync"
	"testing"
)

type barrier struct {
	mu    sync.Mutex
	full  *sync.Cond
	size  int
	count int
}

func (b *barrier) wait() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.count++
	if b.count == b.size {
		b.count = 0
		b.full.Broadcast()
		return
	}
	for b.count != 0 {
		b.full.Wait()
	}
}

// Scenario meets twice.
func Scenario(t *testing.T) {
	b := &barrier{size: 2}
	b.full = sync.NewCond(&b.mu)
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			b.wait()
			b.wait()
		})
	}
	wg.Wait()
}
