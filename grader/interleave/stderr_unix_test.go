//go:build unix

package interleave

import (
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// TestCaptureWithoutStandardStreams captures in a child process whose standard streams
// are open, and in one where they are closed, as a submission can close them.
func TestCaptureWithoutStandardStreams(t *testing.T) {
	const captured = 7 // the child's exit status when it saw what it wrote
	if streams := os.Getenv("STREAMS"); streams != "" {
		if streams == "closed" {
			os.Stdin.Close()
			os.Stdout.Close()
			os.Stderr.Close()
		}
		for range 3 {
			if captureStderr(func() { unix.Write(2, []byte("report")) }) != "report" {
				os.Exit(1)
			}
			_, err := unix.FcntlInt(2, unix.F_GETFD, 0)
			if (err != nil) != (streams == "closed") { // put back as it was
				os.Exit(2)
			}
		}
		os.Exit(captured)
	}
	for _, streams := range []string{"open", "closed"} {
		child := exec.Command(os.Args[0], "-test.run=^TestCaptureWithoutStandardStreams$", "-test.timeout=20s")
		child.Env = append(os.Environ(), "STREAMS="+streams)
		err := child.Run()
		var exit *exec.ExitError
		require.ErrorAs(t, err, &exit, streams)
		require.Equal(t, captured, exit.ExitCode(), streams)
	}
}
