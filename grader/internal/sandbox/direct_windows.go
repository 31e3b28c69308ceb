package sandbox

import (
	"os"
	"os/exec"
	"syscall"
)

func detach(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}

// interrupt does nothing: Windows has no signal that makes Go dump its goroutines.
func interrupt(*os.Process) {}

func killGroup(p *os.Process) { p.Kill() }

func signalName(*os.ProcessState) string { return "" }

// keepToSelf has nothing to do: handles are inherited by name only.
func keepToSelf() {}
