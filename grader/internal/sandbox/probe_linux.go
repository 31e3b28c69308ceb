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
	b, err := fit(path)
	return b.start, err
}

// fit finds out which of the things that bwrap can do without work here.
func fit(path string) (b bubblewrap, err error) {
	cgroups := []string{""}
	if dir := delegated(); dir != "" {
		cgroups = []string{dir, ""}
	}
	for _, dir := range cgroups {
		for _, around := range enclosures {
			b = bubblewrap{path: path, filter: filter(), cgroups: dir, around: around}
			if err = b.probe(); err == nil {
				return b, nil
			}
		}
	}
	return b, err
}

// probe runs the only binary that is sure to be there.
func (b bubblewrap) probe() error {
	out := confined{"bwrap", b.start}.Run(context.Background(), Command{Path: b.path, Args: []string{"--version"}}, Limits{
		Wall: patient, CPU: patient, Memory: 1 << 30, Output: 1 << 16, Processes: 16, Disk: 1 << 20, Inodes: 1000,
	})
	switch {
	case out.End == Trouble:
		return out.Err
	case out.End != Exited || out.ExitCode != 0:
		return fmt.Errorf("bubblewrap does not work: %s %d %s", out.End, out.ExitCode, firstLine(out.Stderr, errors.New("no message")))
	}
	return nil
}

// Capped reports whether this process was given a cgroup to cap the memory and the tasks of
// its runs with; where it was not, they are watched.
func Capped() bool { return delegated() != "" }
