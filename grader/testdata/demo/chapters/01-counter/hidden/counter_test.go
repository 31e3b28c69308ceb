//go:build grade

package hidden

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"lockstep/grader/exam"
	"lockstep/grader/interleave"
	counter "lockstep/grader/testdata/demo/chapters/01-counter"
)

func TestMain(m *testing.M) { exam.Main(m) }

// TestCount checks that no count is lost.
//
//grade:todo 1.1
//grade:points 4
func TestCount(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		var c counter.Counter
		var wg sync.WaitGroup
		wg.Go(c.Add)
		wg.Go(c.Add)
		wg.Wait()
		require.Equal(t, 2, c.Value(), "Value() after two Adds at the same time")
	})
}
