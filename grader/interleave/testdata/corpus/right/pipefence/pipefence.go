// Package pipefence closes a pipe with a lock held, and without.
package pipefence

import (
	"io"
	"sync"
	"testing"
)

type closer interface{ Close() error }

// Scenario adds twice.
func Scenario(t *testing.T) {
	var mu sync.Mutex
	r, _ := io.Pipe()
	n := 0
	add := func(c closer) {
		c.Close()
		mu.Lock()
		defer mu.Unlock()
		n++
		defer c.Close()
	}
	var wg sync.WaitGroup
	wg.Go(func() { add(r) })
	add(r)
	wg.Wait()
	if n != 2 {
		t.Errorf("%d, want 2", n)
	}
}
