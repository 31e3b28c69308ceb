// Package selfwait closes a connection from within its own dispatcher, which then
// waits for itself to end. The class is syncthing#5795.
//
// want: deadlock
package selfwait

import (
	"sync"
	"testing"
)

type connection struct {
	once     sync.Once
	messages chan string
	closed   chan struct{}
	ended    chan struct{}
}

func (c *connection) dispatch() {
	defer close(c.ended)
	for {
		select {
		case m := <-c.messages:
			if m == "bye" {
				c.close()
			}
		case <-c.closed:
			return
		}
	}
}

func (c *connection) close() {
	c.once.Do(func() { close(c.closed) })
	<-c.ended
}

// Scenario receives a farewell while the connection is closed from outside as well.
func Scenario(t *testing.T) {
	c := &connection{messages: make(chan string, 1), closed: make(chan struct{}), ended: make(chan struct{})}
	go c.dispatch()
	c.messages <- "bye"
	c.close()
}
