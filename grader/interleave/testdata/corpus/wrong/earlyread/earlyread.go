// Package earlyread looks at the results of an errgroup before it has waited for it.
//
// want: race
package earlyread

import (
	"testing"

	"golang.org/x/sync/errgroup"
)

// Scenario gathers two results.
func Scenario(t *testing.T) {
	var group errgroup.Group
	results := make([]int, 2)
	for i := range results {
		group.Go(func() error {
			results[i] = i + 1
			return nil
		})
	}
	sum := results[0] + results[1]
	if err := group.Wait(); err != nil {
		t.Error(err)
	}
	if sum > 3 {
		t.Errorf("sum is %d, want at most 3", sum)
	}
}
