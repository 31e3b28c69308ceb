// Package timers resets a ticker, rearms an AfterFunc from within and waits for the
// earlier of two deadlines.
package timers

import (
	"context"
	"errors"
	"testing"
	"time"
)

// Scenario counts the virtual milliseconds.
func Scenario(t *testing.T) {
	start := time.Now()
	ticker := time.NewTicker(time.Hour)
	ticker.Reset(2 * time.Millisecond)
	<-ticker.C
	<-ticker.C
	ticker.Stop()

	fired := make(chan int, 3)
	n := 0
	var timer *time.Timer
	ready := make(chan struct{})
	timer = time.AfterFunc(time.Millisecond, func() {
		<-ready
		n++
		fired <- n
		if n < 3 {
			timer.Reset(time.Millisecond)
		}
	})
	close(ready)
	for want := 1; want <= 3; want++ {
		if got := <-fired; got != want {
			t.Errorf("fired %d, want %d", got, want)
		}
	}
	outer, cancelOuter := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancelOuter()
	inner, cancelInner := context.WithTimeout(outer, time.Hour)
	defer cancelInner()
	<-inner.Done()
	if !errors.Is(inner.Err(), context.DeadlineExceeded) {
		t.Errorf("inner context ended by %v", inner.Err())
	}
	if waited := time.Since(start); waited < 8*time.Millisecond {
		t.Errorf("waited for %v, want at least 8ms", waited)
	}
}
