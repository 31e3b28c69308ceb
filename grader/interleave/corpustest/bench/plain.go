package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"

	"golang.org/x/sync/errgroup"

	"lockstep/grader/interleave/corpustest"
)

// plainTimeout is how long a plain run may take; a run that hangs is noticed by it.
const plainTimeout = 500 * time.Millisecond

// buildPlain builds the corpus's tests as go test -race does, in dir.
func buildPlain(ctx context.Context, dir string) (string, error) {
	binary := filepath.Join(dir, "plain.test")
	cmd := exec.CommandContext(ctx, "go", "test", "-c", "-race", "-vet=off", "-o", binary, "lockstep/grader/interleave/corpustest")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go test -c: %w\n%s", err, out)
	}
	return binary, nil
}

// runPlain runs each wrong program times times, each in a process of its own, and
// returns by program how many runs did not pass: whether by an assertion, a race, a
// crash or a hang.
func runPlain(ctx context.Context, binary string, times int) map[string]int {
	failed := make([]int, len(corpustest.Wrong))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, p := range corpustest.Wrong {
		group.Go(func() error {
			for range times {
				cmd := exec.CommandContext(ctx, binary, "-test.run=^TestWrongPlain$", "-plain="+p.Name,
					"-test.timeout="+plainTimeout.String())
				cmd.Env = append(os.Environ(), "GORACE=atexit_sleep_ms=100")
				if cmd.Run() != nil {
					failed[i]++
				}
			}
			return nil
		})
	}
	group.Wait()
	noticed := map[string]int{}
	for i, p := range corpustest.Wrong {
		noticed[p.Name] = failed[i]
	}
	return noticed
}
