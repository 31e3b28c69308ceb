// Package sprintfence formats values with a lock held, and without.
package sprintfence

import (
	"fmt"
	"sync"
	"testing"
)

type nest int

func (n nest) String() string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n - 1)
}

// Scenario adds twice.
func Scenario(t *testing.T) {
	var mu sync.Mutex
	n := 0
	add := func() {
		_ = fmt.Sprint(nest(2))
		mu.Lock()
		defer mu.Unlock()
		n++
		_ = fmt.Sprint(nest(n))
	}
	var wg sync.WaitGroup
	wg.Go(add)
	add()
	wg.Wait()
	if n != 2 {
		t.Errorf("%d, want 2", n)
	}
}
