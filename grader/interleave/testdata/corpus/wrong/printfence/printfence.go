// Package printfence reads and prints nothing around what it should lock. The system calls
// order goroutines for the detector, as long as nobody runs in between.
//
// want: race
package printfence

import (
	"fmt"
	"sync"
	"testing"
)

func fence() {
	var x int
	fmt.Scan(&x)
	fmt.Print()
}

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
