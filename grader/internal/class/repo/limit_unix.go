//go:build unix

package repo

import (
	"context"
	"fmt"
	"os/exec"
	"syscall"
)

// limited is a command that, like all it starts, can write no file larger than most
// bytes. It is in a process group of its own, which is killed as a whole when ctx ends.
func limited(ctx context.Context, most int64, path string, args ...string) *exec.Cmd {
	const block = 512 // bytes, the unit of ulimit in POSIX
	script := fmt.Sprintf(`ulimit -f %d; exec "$0" "$@"`, most/block)
	cmd := exec.CommandContext(ctx, "/bin/sh", append([]string{"-c", script, path}, args...)...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	return cmd
}
