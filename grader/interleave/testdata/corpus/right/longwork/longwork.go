// Package longwork takes a lock very often while somebody waits for the end of it: no time-out
// of a second is due.
package longwork

import (
	"sync"
	"testing"
	"time"
)

// Scenario counts to 400.
func Scenario(t *testing.T) {
	var mu sync.Mutex
	n := 0
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range 400 {
			mu.Lock()
			n++
			mu.Unlock()
		}
	}()
	select {
	case <-done:
	case <-time.After(time.Second):
		t.Error("it takes more than a second")
		<-done
	}
	if n != 400 {
		t.Errorf("counted to %d", n)
	}
}
