// Package barrier counts its rounds, so that who wakes late knows that its own round
// is over.
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
	round int
}

func (b *barrier) wait() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	round := b.round
	b.count++
	if b.count == b.size {
		b.count = 0
		b.round++
		b.full.Broadcast()
		return round
	}
	for b.round == round {
		b.full.Wait()
	}
	return round
}

// Scenario meets twice.
func Scenario(t *testing.T) {
	b := &barrier{size: 2}
	b.full = sync.NewCond(&b.mu)
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for want := range 2 {
				if got := b.wait(); got != want {
					t.Errorf("met in round %d, want %d", got, want)
				}
			}
		})
	}
	wg.Wait()
}
