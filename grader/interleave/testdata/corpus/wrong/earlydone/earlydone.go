// Package earlydone calls Done before the last thing it does.
//
// want: race
package earlydone

import (
	"sync"
	"testing"
)

// Scenario waits for two parts of a sum.
func Scenario(t *testing.T) {
	var wg sync.WaitGroup
	parts := make([]int, 2)
	wg.Add(2)
	for i := range parts {
		go func() {
			v := i + 1
			if v == 2 {
				wg.Done()
				parts[i] = v
				return
			}
			parts[i] = v
			wg.Done()
		}()
	}
	wg.Wait()
	if sum := parts[0] + parts[1]; sum > 3 {
		t.Errorf("sum is %d, want at most 3", sum)
	}
}
