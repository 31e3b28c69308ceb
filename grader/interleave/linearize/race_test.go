//go:build race

package linearize_test

import (
	"os"
	"os/exec"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"lockstep/grader/interleave/linearize"
)

// TestRecordingOrdersNothing checks that the race detector still sees a race between
// two goroutines that record their calls around it.
func TestRecordingOrdersNothing(t *testing.T) {
	const child = "LINEARIZE_TEST_CHILD"
	if os.Getenv(child) == "" {
		cmd := exec.Command(os.Args[0], "-test.run=^TestRecordingOrdersNothing$")
		cmd.Env = append(os.Environ(), child+"=1")
		output, err := cmd.CombinedOutput()
		require.Error(t, err)
		require.Contains(t, string(output), "WARNING: DATA RACE")
		return
	}
	h := linearize.New(linearize.Register(0))
	shared := 0
	var turn, wg sync.WaitGroup
	turn.Add(1)
	for i := range 2 {
		c := h.Client("client")
		wg.Go(func() {
			if i == 1 {
				turn.Wait() // so that both really run at once, with no order afterwards
			} else {
				turn.Done()
			}
			c.Call("Store", i).Return()
			shared = i
			c.Call("Load").Return(i)
		})
	}
	wg.Wait()
	t.Log(shared)
}
