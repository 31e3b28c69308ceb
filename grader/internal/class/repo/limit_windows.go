package repo

import (
	"context"
	"os/exec"
)

// limited is the command as it is: only time limits it here.
func limited(ctx context.Context, _ int64, path string, args ...string) *exec.Cmd {
	return exec.CommandContext(ctx, path, args...)
}
