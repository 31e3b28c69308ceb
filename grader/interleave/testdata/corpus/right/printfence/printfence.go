// Package printfence prints with a lock held, and without.
package printfence

import (
	"fmt"
	"io"
	"sync"
	"testing"
)

// Scenario adds twice.
func Scenario(t *testing.T) {
	var mu sync.Mutex
	n := 0
	add := func() {
		fmt.Print()
		mu.Lock()
		defer mu.Unlock()
		n++
		fmt.Fprintln(io.Discard, n)
	}
	var wg sync.WaitGroup
	wg.Go(add)
	add()
	wg.Wait()
	if n != 2 {
		t.Errorf("%d, want 2", n)
	}
}
