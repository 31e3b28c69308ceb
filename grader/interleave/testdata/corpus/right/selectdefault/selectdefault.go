// Package selectdefault drops what does not fit and counts it.
package selectdefault

import (
	"sync"
	"sync/atomic"
	"testing"
)

// Scenario offers three events to a buffer for one, beside a reader.
func Scenario(t *testing.T) {
	events := make(chan int, 1)
	var dropped atomic.Int32
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Go(func() {
			select {
			case events <- i:
			default:
				dropped.Add(1)
			}
		})
	}
	got := 0
	select {
	case <-events:
		got++
	default:
	}
	wg.Wait()
	if n := int(dropped.Load()) + got + len(events); n != 3 {
		t.Errorf("%d events dropped, read or left, want 3", n)
	}
}
