// Package weighted acquires different weights of a golang.org/x/sync/semaphore and
// gives one attempt up.
package weighted

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"

	"golang.org/x/sync/semaphore"
)

// Scenario acquires 2, 1 and 2 of two permits, the last with a context that ends.
func Scenario(t *testing.T) {
	s := semaphore.NewWeighted(2)
	var held atomic.Int64
	use := func(n int64) {
		if got := held.Add(n); got > 2 {
			t.Errorf("%d permits are held, want at most 2", got)
		}
		held.Add(-n)
		s.Release(n)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	for _, n := range []int64{2, 1} {
		wg.Go(func() {
			if err := s.Acquire(context.Background(), n); err != nil {
				t.Error(err)
				return
			}
			use(n)
		})
	}
	wg.Go(func() {
		if s.Acquire(ctx, 2) == nil {
			use(2)
		}
	})
	cancel()
	wg.Wait()
	if !s.TryAcquire(2) {
		t.Error("a permit is lost")
	}
}
