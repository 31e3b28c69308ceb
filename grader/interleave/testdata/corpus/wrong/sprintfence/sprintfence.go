// Package sprintfence formats a deep value around what it should lock. The pool of package
// fmt orders the goroutines for the detector, as long as nobody runs in between.
//
// want: race
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

// fence takes many of the pool's objects: in a race build the pool drops one in four.
func fence() { _ = fmt.Sprint(nest(50)) }

// Scenario adds twice.
func Scenario(t *testing.T) {
	n := 0
	add := func() {
		fence()
		n++
		fence()
	}
	var wg sync.WaitGroup
	wg.Go(add)
	add()
	wg.Wait()
	if n != 2 {
		t.Errorf("%d, want 2", n)
	}
}
