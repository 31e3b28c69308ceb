// Package syncpool gives each goroutine a buffer of its own from a sync.Pool and
// copies the result before it gives the buffer back.
package syncpool

import (
	"sync"
	"testing"
)

type buffer struct{ data []byte }

// Scenario formats three words with buffers from a pool.
func Scenario(t *testing.T) {
	pool := sync.Pool{New: func() any { return &buffer{} }}
	format := func(word string) string {
		b := pool.Get().(*buffer)
		defer pool.Put(b)
		b.data = append(b.data[:0], word...)
		return string(b.data)
	}
	var wg sync.WaitGroup
	for _, word := range []string{"a", "pool", "of"} {
		wg.Go(func() {
			if got := format(word); got != word {
				t.Errorf("formatted %q, want %q", got, word)
			}
		})
	}
	wg.Wait()
}
