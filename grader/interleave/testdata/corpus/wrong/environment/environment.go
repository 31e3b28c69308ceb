// Package environment keeps in the environment who was first. Looking and entering are two
// calls, each of which has a lock of its own.
//
// want: wrong result
package environment

import (
	"os"
	"sync"
	"sync/atomic"
	"testing"
)

// Scenario lets two be the first.
func Scenario(t *testing.T) {
	os.Unsetenv("LOCKSTEP_FIRST")
	var firsts atomic.Int32
	try := func() {
		if os.Getenv("LOCKSTEP_FIRST") == "" {
			os.Setenv("LOCKSTEP_FIRST", "taken")
			firsts.Add(1)
		}
	}
	var wg sync.WaitGroup
	wg.Go(try)
	try()
	wg.Wait()
	if firsts.Load() != 1 {
		t.Errorf("%d were first, want 1", firsts.Load())
	}
}
