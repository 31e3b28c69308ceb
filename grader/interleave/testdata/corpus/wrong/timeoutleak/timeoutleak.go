// Package timeoutleak gives up after a time-out and leaves the goroutine behind that
// wants to hand over its late result. The bug is figure 1 of Tu et al., ASPLOS 2019
// (kubernetes#5316).
//
// want: leak
package timeoutleak

import (
	"errors"
	"testing"
	"time"
)

var errTimeout = errors.New("time-out")

func finish(work func() int, timeout time.Duration) (int, error) {
	result := make(chan int)
	go func() { result <- work() }()
	select {
	case v := <-result:
		return v, nil
	case <-time.After(timeout):
		return 0, errTimeout
	}
}

// Scenario waits for a request as long as the request takes.
func Scenario(t *testing.T) {
	slow := func() int {
		time.Sleep(time.Millisecond)
		return 7
	}
	v, err := finish(slow, time.Millisecond)
	if err == nil && v != 7 {
		t.Errorf("result is %d, want 7", v)
	}
}
