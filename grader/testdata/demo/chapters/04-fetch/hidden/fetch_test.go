//go:build grade

package hidden

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"lockstep/grader/exam"
	"lockstep/grader/interleave"
	fetch "lockstep/grader/testdata/demo/chapters/04-fetch"
)

func TestMain(m *testing.M) { exam.Main(m) }

// TestFirst checks that First returns an answer and leaves nobody behind.
//
//grade:todo 4.1
//grade:points 4
func TestFirst(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		var mu sync.Mutex
		asked := 0
		source := func() int {
			mu.Lock()
			defer mu.Unlock()
			asked++
			return 7
		}
		require.Equal(t, 7, fetch.First(source, source), "First of two sources that say 7")
	})
}
