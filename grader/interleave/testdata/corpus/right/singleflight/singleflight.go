// Package singleflight loads a key through golang.org/x/sync/singleflight.
package singleflight

import (
	"sync"
	"sync/atomic"
	"testing"

	"golang.org/x/sync/singleflight"
)

// Scenario loads one key from three goroutines.
func Scenario(t *testing.T) {
	var group singleflight.Group
	var loads atomic.Int32
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			v, err, _ := group.Do("key", func() (any, error) {
				loads.Add(1)
				return 7, nil
			})
			if v != 7 || err != nil {
				t.Errorf("got %v, %v, want 7", v, err)
			}
		})
	}
	wg.Wait()
	if n := loads.Load(); n < 1 || n > 3 {
		t.Errorf("loaded %d times, want 1 to 3", n)
	}
}
