// Package ticker does something at each of three ticks and ends when told so.
package ticker

import (
	"testing"
	"time"
)

// Scenario counts the ticks of a goroutine and stops it.
func Scenario(t *testing.T) {
	stop, ended := make(chan struct{}), make(chan struct{})
	ticks := make(chan int, 1)
	go func() {
		defer close(ended)
		ticker := time.NewTicker(time.Millisecond)
		defer ticker.Stop()
		for n := 1; ; n++ {
			select {
			case <-ticker.C:
			case <-stop:
				return
			}
			select {
			case ticks <- n:
			case <-stop:
				return
			}
		}
	}()
	for want := 1; want <= 3; want++ {
		if n := <-ticks; n != want {
			t.Errorf("tick %d came, want %d", n, want)
		}
	}
	close(stop)
	<-ended
}
