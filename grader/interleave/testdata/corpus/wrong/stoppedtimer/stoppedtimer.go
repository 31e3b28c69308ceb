// Package stoppedtimer takes Stop for a promise that the function has finished, when
// it says that the function has been started.
//
// want: race
package stoppedtimer

import (
	"testing"
	"time"
)

// Scenario stops a timer at about the time at which it fires.
func Scenario(t *testing.T) {
	runs := 0
	timer := time.AfterFunc(time.Millisecond, func() { runs++ })
	time.Sleep(time.Millisecond)
	timer.Stop()
	if runs > 1 {
		t.Errorf("ran %d times, want at most once", runs)
	}
}
