//go:build grade

package hidden

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"lockstep/grader/exam"
	"lockstep/grader/interleave"
	purses "lockstep/grader/testdata/demo/chapters/03-purses"
)

func TestMain(m *testing.M) { exam.Main(m) }

// TestGive checks that two who give to each other both come to an end.
//
//grade:todo 3.1
//grade:points 4
func TestGive(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		p, q := purses.New(1), purses.New(1)
		var wg sync.WaitGroup
		wg.Go(func() { p.Give(q) })
		wg.Go(func() { q.Give(p) })
		wg.Wait()
		p.Give(q)
		require.Equal(t, []int{0, 2}, []int{p.Coins(), q.Coins()}, "coins after giving to each other once, and once more")
	})
}
