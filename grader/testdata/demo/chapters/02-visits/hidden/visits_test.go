//go:build grade

package hidden

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"lockstep/grader/exam"
	"lockstep/grader/interleave"
	visits "lockstep/grader/testdata/demo/chapters/02-visits"
)

func TestMain(m *testing.M) { exam.Main(m) }

// TestVisits checks that no visit is lost.
//
//grade:todo 2.1
//grade:points 4
func TestVisits(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		var c visits.Counter
		var wg sync.WaitGroup
		wg.Go(c.Add)
		wg.Go(c.Add)
		wg.Wait()
		require.Equal(t, 2, c.Value(), "Value() after two Adds at the same time")
	})
}
