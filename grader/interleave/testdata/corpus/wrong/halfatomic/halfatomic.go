// Package halfatomic stores a flag atomically and reads it plainly.
//
// want: race
package halfatomic

import (
	"sync"
	"sync/atomic"
	"testing"
)

// Scenario stops a goroutine by a flag.
func Scenario(t *testing.T) {
	var stop int32
	rounds := 0
	var wg sync.WaitGroup
	wg.Go(func() { atomic.StoreInt32(&stop, 1) })
	wg.Go(func() {
		for range 3 {
			if stop == 1 {
				return
			}
			rounds++
		}
	})
	wg.Wait()
	if rounds > 3 {
		t.Errorf("%d rounds, want at most 3", rounds)
	}
}
