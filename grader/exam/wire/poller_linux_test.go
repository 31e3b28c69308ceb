package wire

import (
	"encoding/json"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// TestPollerKeepsOffStandardStreams has a child, which the parent orders about as the
// grader does, close its standard streams and use a timer: the poller must be elsewhere.
func TestPollerKeepsOffStandardStreams(t *testing.T) {
	const free = 7 // the child's exit status when all three numbers stayed free
	if Active() {
		os.Stdin.Close()
		os.Stdout.Close()
		os.Stderr.Close()
		time.AfterFunc(time.Hour, func() {}).Stop()
		for fd := range uintptr(3) {
			if _, err := unix.FcntlInt(fd, unix.F_GETFD, 0); err != unix.EBADF {
				os.Exit(1)
			}
		}
		os.Exit(free)
	}
	orders, ours, err := os.Pipe()
	require.NoError(t, err)
	defer orders.Close()
	require.NoError(t, json.NewEncoder(ours).Encode(Orders{Check: "Test"}))
	ours.Close()
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	require.NoError(t, err)
	defer null.Close()
	child := exec.Command(os.Args[0], "-test.run=^TestPollerKeepsOffStandardStreams$", "-test.timeout=0") // a time-out is a timer
	child.Env = append(os.Environ(), EnvVar+"=3,4,5")
	child.ExtraFiles = []*os.File{null, orders, null}
	var exit *exec.ExitError
	require.ErrorAs(t, child.Run(), &exit)
	require.Equal(t, free, exit.ExitCode())
}
