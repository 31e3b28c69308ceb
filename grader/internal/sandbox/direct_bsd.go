//go:build unix && !linux

package sandbox

import "os/exec"

func detach(cmd *exec.Cmd) { cmd.SysProcAttr = newGroup() }
