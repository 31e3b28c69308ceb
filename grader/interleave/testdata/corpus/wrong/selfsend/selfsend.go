// Package selfsend sends to its own queue before it reads from it; with a suggestion
// already there, the queue is full. The bug is cockroach#24808.
//
// want: deadlock
package selfsend

import (
	"testing"
)

type compactor struct {
	work chan struct{}
	done chan struct{}
}

func (c *compactor) suggest() {
	select {
	case c.work <- struct{}{}:
	default:
	}
}

func (c *compactor) run() {
	c.work <- struct{}{} // look once at the start
	<-c.work
	close(c.done)
}

// Scenario starts the compactor while a suggestion arrives.
func Scenario(t *testing.T) {
	c := &compactor{work: make(chan struct{}, 1), done: make(chan struct{})}
	go c.suggest()
	go c.run()
	<-c.done
}
