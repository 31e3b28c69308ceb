// Package deadlinepast makes contexts that have ended before they begin.
package deadlinepast

import (
	"context"
	"errors"
	"testing"
	"time"
)

// Scenario waits for what is over.
func Scenario(t *testing.T) {
	past, cancel := context.WithDeadline(context.Background(), time.Now().Add(-time.Second))
	defer cancel()
	<-past.Done()
	parent, cancelParent := context.WithCancel(context.Background())
	cancelParent()
	child, cancelChild := context.WithTimeout(parent, time.Hour)
	defer cancelChild()
	<-child.Done()
	ran := make(chan struct{})
	stop := context.AfterFunc(child, func() { close(ran) })
	<-ran
	if stop() {
		t.Error("stop of a function that has run returned true")
	}
	if !errors.Is(past.Err(), context.DeadlineExceeded) || !errors.Is(child.Err(), context.Canceled) {
		t.Errorf("ended by %v and %v", past.Err(), child.Err())
	}
}
