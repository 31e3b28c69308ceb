// Package timerreset starts a timer whose callback uses the variable that the timer
// is being assigned to. The bug is the first example of The Go Blog, "Introducing
// the Go Race Detector".
//
// want: race
package timerreset

import (
	"testing"
	"time"
)

// Scenario lets a timer restart itself once.
func Scenario(t *testing.T) {
	fired := make(chan int, 2)
	n := 0
	var timer *time.Timer
	timer = time.AfterFunc(time.Millisecond, func() {
		n++
		fired <- n
		if n < 2 {
			timer.Reset(time.Millisecond)
		}
	})
	<-fired
	if got := <-fired; got != 2 {
		t.Errorf("fired %d times, want 2", got)
	}
}
