// Package pollslate polls a flag that is set only after a sleep, and what it sets
// itself is wanted before that.
//
// want: wrong result
package pollslate

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Scenario wants the answer before it asks.
func Scenario(t *testing.T) {
	var asked, answered atomic.Bool
	var wg sync.WaitGroup
	wg.Go(func() {
		for !asked.Load() {
		}
		answered.Store(true)
	})
	time.Sleep(time.Millisecond)
	if !answered.Load() {
		t.Error("no answer after a while")
	}
	asked.Store(true)
	wg.Wait()
}
