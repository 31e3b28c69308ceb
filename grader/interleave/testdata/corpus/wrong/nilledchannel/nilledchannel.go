// Package nilledchannel sets the channel of a running goroutine to nil at Stop, while
// that goroutine still reads the field. The bug is istio#8967.
//
// want: race
package nilledchannel

import (
	"testing"
)

type source struct {
	done    chan struct{}
	stopped chan struct{}
}

func (s *source) start() {
	go func() {
		<-s.done
		close(s.stopped)
	}()
}

func (s *source) stop() {
	close(s.done)
	s.done = nil
}

// Scenario starts and stops the source.
func Scenario(t *testing.T) {
	s := &source{done: make(chan struct{}), stopped: make(chan struct{})}
	s.start()
	stopped := s.stopped
	s.stop()
	<-stopped
}
