//go:build grade

package hidden

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"lockstep/grader/exam"
	"lockstep/grader/interleave"
	stack "lockstep/grader/testdata/demo/chapters/05-stack"
)

func TestMain(m *testing.M) { exam.Main(m) }

// TestPush checks that what is pushed at the same time is all kept.
//
//grade:todo 5.1
//grade:points 4
func TestPush(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		var s stack.Stack
		var wg sync.WaitGroup
		wg.Go(func() { s.Push(1) })
		wg.Go(func() { s.Push(2) })
		wg.Wait()
		require.Equal(t, 2, s.Len(), "Len() after two Pushes at the same time")
	})
}
