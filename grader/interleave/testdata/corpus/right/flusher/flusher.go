// Package flusher is a batching daemon that writes what it has gathered when it is
// stopped, twice if need be.
package flusher

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

type flusher struct {
	items   chan int
	once    sync.Once
	ended   chan struct{}
	written []int
}

func (f *flusher) run() {
	defer close(f.ended)
	var batch []int
	for v := range f.items {
		if batch = append(batch, v); len(batch) == 2 {
			f.written = append(f.written, batch...)
			batch = nil
		}
	}
	f.written = append(f.written, batch...)
}

func (f *flusher) stop() {
	f.once.Do(func() { close(f.items) })
	<-f.ended
}

// Scenario adds three items and stops from two goroutines.
func Scenario(t *testing.T) {
	f := &flusher{items: make(chan int, 1), ended: make(chan struct{})}
	go f.run()
	for v := range 3 {
		f.items <- v
	}
	var wg sync.WaitGroup
	wg.Go(f.stop)
	f.stop()
	wg.Wait()
	require.Equal(t, []int{0, 1, 2}, f.written)
}
