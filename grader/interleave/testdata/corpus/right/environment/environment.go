// Package environment keeps in the environment who was first, and looks and enters with a
// lock held.
package environment

import (
	"os"
	"sync"
	"testing"
)

// Scenario lets two try to be the first.
func Scenario(t *testing.T) {
	os.Unsetenv("LOCKSTEP_FIRST")
	var mu sync.Mutex
	firsts := 0
	try := func() {
		mu.Lock()
		defer mu.Unlock()
		if os.Getenv("LOCKSTEP_FIRST") == "" {
			os.Setenv("LOCKSTEP_FIRST", "taken")
			firsts++
		}
	}
	var wg sync.WaitGroup
	wg.Go(try)
	try()
	wg.Wait()
	if firsts != 1 {
		t.Errorf("%d were first, want 1", firsts)
	}
}
