//go:build unix

package sandbox

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

func interrupt(p *os.Process) { p.Signal(syscall.SIGQUIT) }

// killGroup kills the process group that p leads. The group's number stays taken for
// as long as anyone is in it, p not being reaped or not.
func killGroup(p *os.Process) {
	syscall.Kill(-p.Pid, syscall.SIGKILL)
	p.Kill()
}

func signalName(s *os.ProcessState) string {
	status, ok := s.Sys().(syscall.WaitStatus)
	if !ok || !status.Signaled() {
		return ""
	}
	return unix.SignalName(status.Signal())
}

func newGroup() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
