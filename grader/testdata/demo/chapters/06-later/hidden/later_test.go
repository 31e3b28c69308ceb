//go:build grade

package hidden

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"lockstep/grader/exam"
	"lockstep/grader/interleave"
	later "lockstep/grader/testdata/demo/chapters/06-later"
)

func TestMain(m *testing.M) { exam.Main(m) }

// TestKeep checks that what is pushed is kept.
//
//grade:todo 6.1
//grade:points 4
func TestKeep(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		var s later.Stack
		var wg sync.WaitGroup
		wg.Go(func() { s.Push(1) })
		wg.Wait()
		require.Equal(t, 1, s.Len(), "Len() after one Push")
	})
}
