// Package latelook has a fault between two of very many steps in a row: who comes there sees one
// counter ahead of the other.
//
// want: wrong result
package latelook

import (
	"sync"
	"testing"
)

// Scenario looks at two counters while they go from 0 to 80.
func Scenario(t *testing.T) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	a, b := 0, 0
	count := func(n *int) {
		mu.Lock()
		defer mu.Unlock()
		*n++
	}
	wg.Go(func() {
		for range 80 {
			count(&a)
			count(&b)
		}
	})
	wg.Go(func() {
		mu.Lock()
		defer mu.Unlock()
		if a == 79 && b == 78 {
			t.Error("one is ahead of the other")
		}
	})
	wg.Wait()
}
