// Package lastbatch is a batching daemon that throws away what it has gathered when
// it is stopped.
//
// want: wrong result
package lastbatch

import (
	"testing"

	"github.com/stretchr/testify/require"
)

type flusher struct {
	items   chan int
	stopped chan struct{}
	ended   chan struct{}
	written []int
}

func (f *flusher) run() {
	defer close(f.ended)
	var batch []int
	for {
		select {
		case v := <-f.items:
			if batch = append(batch, v); len(batch) == 2 {
				f.written = append(f.written, batch...)
				batch = nil
			}
		case <-f.stopped:
			return
		}
	}
}

// Scenario adds two items and stops.
func Scenario(t *testing.T) {
	f := &flusher{items: make(chan int, 2), stopped: make(chan struct{}), ended: make(chan struct{})}
	go f.run()
	f.items <- 1
	f.items <- 2
	close(f.stopped)
	<-f.ended
	require.Equal(t, []int{1, 2}, f.written)
}
