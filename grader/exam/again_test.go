//go:build linux || darwin

package exam

import (
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestStartedAgain starts this program once more, directly, and by way of another program.
func TestStartedAgain(t *testing.T) {
	const again, not = 7, 8
	if os.Getenv("AGAIN") != "" {
		if startedAgain() {
			os.Exit(again)
		}
		os.Exit(not)
	}
	require.False(t, startedAgain(), "go test has started it")
	self, err := os.Executable()
	require.NoError(t, err)
	for want, cmd := range map[int]*exec.Cmd{
		again: exec.Command(self, "-test.run=^TestStartedAgain$"),
		not:   exec.Command("sh", "-c", `"$0" -test.run='^TestStartedAgain$'; exit $?`, self),
	} {
		cmd.Env = append(os.Environ(), "AGAIN=yes")
		var exit *exec.ExitError
		require.ErrorAs(t, cmd.Run(), &exit)
		require.Equal(t, want, exit.ExitCode())
	}
}
