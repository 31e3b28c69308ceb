// Package timerstop stops and resets a timer; since Go 1.23 no stale time is left in
// its channel.
package timerstop

import (
	"testing"
	"time"
)

// Scenario stops a timer at about the time at which it fires and resets it.
func Scenario(t *testing.T) {
	timer := time.NewTimer(time.Millisecond)
	done := make(chan bool)
	go func() {
		time.Sleep(time.Millisecond)
		done <- timer.Stop()
	}()
	<-done
	select {
	case <-timer.C:
		t.Error("a stopped timer fired")
	default:
	}
	start := time.Now()
	timer.Reset(2 * time.Millisecond)
	<-timer.C
	if waited := time.Since(start); waited < 2*time.Millisecond {
		t.Errorf("waited for %v, want 2ms", waited)
	}
	if timer.Stop() {
		t.Error("Stop of a timer that has fired returned true")
	}
}
