package sandbox

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestUsageIsParsed(t *testing.T) {
	var u usage
	u.addStat([]byte("7 (a) R 1 2) S 1 7 7 0 -1 4194560 1 2 3 4 100 50 20 30 20 0 5 0 99 1000 2000 18446744073709551615\n"))
	u.addStatus([]byte("Name:\tVmRSS:\nVmHWM:\t 9999 kB\nVmRSS:\t    2000 kB\nVmPTE:\t      40 kB\nVmSwap:\t       8 kB\nThreads:\t5\n"))
	assert.Equal(t, usage{tasks: 5, memory: 2048 << 10, cpu: 2 * time.Second}, u)

	u.addStat(nil)
	u.addStat([]byte("7 (a) Z"))
	u.addStatus([]byte("VmRSS:"))
	assert.Equal(t, 5, u.tasks)
}

func TestStateIsParsed(t *testing.T) {
	assert.Equal(t, byte('S'), state([]byte("7 (a) R 1 2) S 1 7 7")))
	assert.Zero(t, state(nil))
	assert.Zero(t, state([]byte("7 (a)")))
}

// TestBusy looks at one that waits while its children compute, and at one that waits.
func TestBusy(t *testing.T) {
	for act, want := range map[string]bool{"burners": true, "block": false} {
		cmd := again(act)
		detach(cmd)
		require.NoError(t, cmd.Start())
		always := func() bool { // for a moment everybody is what he is not: as he starts
			for range 20 {
				if busy(cmd.Process.Pid) != want {
					return false
				}
			}
			return true
		}
		assert.Eventually(t, always, time.Minute, tick, act)
		killGroup(cmd.Process)
		cmd.Wait()
	}
}
