// Package watcherleak stops consuming its result channel at a stop while the
// producer still has an event to hand over. The class is kubernetes#38669.
//
// want: leak
package watcherleak

import (
	"testing"
)

type watcher struct {
	input  chan int
	result chan int
	stop   chan struct{}
}

func (w *watcher) process() {
	for {
		select {
		case v := <-w.input:
			w.result <- v
		case <-w.stop:
			return
		}
	}
}

// Scenario takes one of two events and stops the watcher.
func Scenario(t *testing.T) {
	w := &watcher{input: make(chan int, 2), result: make(chan int), stop: make(chan struct{})}
	w.input <- 1
	w.input <- 2
	go w.process()
	if v := <-w.result; v != 1 {
		t.Errorf("first event is %d, want 1", v)
	}
	close(w.stop)
}
