// Package timeoutitem gets from a queue with a time-out by a helper goroutine; when
// the time is up the helper takes the next item and throws it away.
//
// want: wrong result
package timeoutitem

import (
	"testing"
	"time"
)

func get(items <-chan int, timeout time.Duration) (int, bool) {
	got := make(chan int, 1)
	go func() {
		if v, ok := <-items; ok {
			got <- v
		}
	}()
	select {
	case v := <-got:
		return v, true
	case <-time.After(timeout):
		return 0, false
	}
}

// Scenario puts one item at the moment at which the first get gives up.
func Scenario(t *testing.T) {
	items := make(chan int, 1)
	go func() {
		time.Sleep(time.Millisecond)
		items <- 7
		close(items)
	}()
	if _, ok := get(items, time.Millisecond); ok {
		return
	}
	if v, ok := <-items; !ok {
		t.Errorf("got %d, %v after the time-out, want 7, true: the item is gone", v, ok)
	}
}
