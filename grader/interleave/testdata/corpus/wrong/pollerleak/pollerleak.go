// Package pollerleak starts a poller that ends only when told so, and returns
// without telling it. The bug is kubernetes#70277.
//
// want: leak
package pollerleak

import (
	"testing"
	"time"
)

func poller(interval time.Duration, done <-chan struct{}) <-chan struct{} {
	ticks := make(chan struct{})
	go func() {
		defer close(ticks)
		ticker := time.NewTicker(interval)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				select {
				case ticks <- struct{}{}:
				default:
				}
			case <-done:
				return
			}
		}
	}()
	return ticks
}

// Scenario waits for a condition that holds at the second look.
func Scenario(t *testing.T) {
	looks := 0
	for range poller(time.Millisecond, make(chan struct{})) {
		if looks++; looks == 2 {
			return
		}
	}
}
