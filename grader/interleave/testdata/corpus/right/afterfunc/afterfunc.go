// Package afterfunc stops a delayed function or waits until it has run.
package afterfunc

import (
	"testing"
	"time"
)

// Scenario stops the function at about the time at which it starts.
func Scenario(t *testing.T) {
	ran := make(chan struct{})
	runs := 0
	timer := time.AfterFunc(time.Millisecond, func() {
		runs++
		close(ran)
	})
	time.Sleep(time.Millisecond)
	want := 0
	if !timer.Stop() {
		<-ran
		want = 1
	}
	if runs != want {
		t.Errorf("ran %d times, want %d", runs, want)
	}
}
