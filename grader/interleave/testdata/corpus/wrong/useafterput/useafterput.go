// Package useafterput goes on using an object after it has given it back to the pool.
//
// want: race
package useafterput

import (
	"sync"
	"testing"
)

type buffer struct{ data []byte }

// Scenario formats two words with buffers from a pool.
func Scenario(t *testing.T) {
	pool := sync.Pool{New: func() any { return &buffer{} }}
	format := func(word string) int {
		b := pool.Get().(*buffer)
		b.data = append(b.data[:0], word...)
		pool.Put(b)
		return len(b.data)
	}
	var wg sync.WaitGroup
	for _, word := range []string{"go", "race"} {
		wg.Go(func() { format(word) })
	}
	wg.Wait()
}
