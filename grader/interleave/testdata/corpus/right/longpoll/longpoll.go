// Package longpoll has two that poll a flag all the time that another sleeps, in many
// short sleeps: impolite, but neither livelock nor an endless schedule.
package longpoll

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Scenario sets the flag in the end.
func Scenario(t *testing.T) {
	var ready atomic.Bool
	value := 0
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for !ready.Load() {
			}
			if value != 7 {
				t.Errorf("value is %d, want 7", value)
			}
		})
	}
	for range 150 {
		time.Sleep(time.Millisecond)
	}
	value = 7
	ready.Store(true)
	wg.Wait()
}
