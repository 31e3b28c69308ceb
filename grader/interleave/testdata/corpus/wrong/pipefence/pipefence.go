// Package pipefence closes a pipe around what it should lock, again and again. The locks
// within the pipe order the goroutines for the detector, as long as nobody runs in between.
//
// want: race
package pipefence

import (
	"io"
	"sync"
	"testing"
)

type closer interface{ Close() error }

type end struct{ *io.PipeReader }

// Scenario adds twice.
func Scenario(t *testing.T) {
	r, _ := io.Pipe()
	n := 0
	add := func(c closer) {
		c.Close()
		n++
		defer c.Close()
	}
	var wg sync.WaitGroup
	wg.Go(func() { add(end{r}) })
	add(r)
	wg.Wait()
	if n != 2 {
		t.Errorf("%d, want 2", n)
	}
}
