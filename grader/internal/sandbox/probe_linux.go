package sandbox

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
)

// openBwrap finds bubblewrap and tries it: it is installed on many machines whose kernel or
// container does not let it work.
func openBwrap() (starter, error) {
	path, err := exec.LookPath("bwrap")
	if err != nil {
		return nil, errors.New("bubblewrap (bwrap) is not installed")
	}
	b := bubblewrap{path, filter()}
	// The only binary that is sure to be there.
	out := confined{"bwrap", b.start}.Run(context.Background(), Command{Path: path, Args: []string{"--version"}}, Limits{
		Wall: patient, CPU: patient, Memory: 1 << 30, Output: 1 << 16, Processes: 16, Disk: 1 << 20, Inodes: 1000,
	})
	switch {
	case out.End == Trouble:
		return nil, out.Err
	case out.End != Exited || out.ExitCode != 0:
		return nil, fmt.Errorf("bubblewrap does not work: %s %d %s", out.End, out.ExitCode, firstLine(out.Stderr, errors.New("no message")))
	}
	return b.start, nil
}
