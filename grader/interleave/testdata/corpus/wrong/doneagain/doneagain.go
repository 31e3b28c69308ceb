// Package doneagain calls Done once in the task and once more in its error handling.
//
// want: panic
package doneagain

import (
	"sync"
	"sync/atomic"
	"testing"
)

// Scenario runs two tasks of which the second to come fails.
func Scenario(t *testing.T) {
	var wg sync.WaitGroup
	var started atomic.Int32
	wg.Add(2)
	for range 2 {
		go func() {
			defer wg.Done()
			if started.Add(1) == 2 {
				wg.Done()
			}
		}()
	}
	wg.Wait()
}
