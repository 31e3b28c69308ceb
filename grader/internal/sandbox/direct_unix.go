//go:build unix

package sandbox

import (
	"os"
	"os/signal"
	"strconv"
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

// keepToSelf marks every descriptor of this process close-on-exec, but the standard ones. Go
// opens its own so; those it inherited, such as make's job server, are not the command's business.
// Nor is it which signals this process was told to ignore, by nohup or by a shell that started
// it in the background: it goes on ignoring them, but in a way that ends with exec.
func keepToSelf() {
	for _, s := range []os.Signal{syscall.SIGHUP, syscall.SIGINT} { // of others Go takes no notice
		if signal.Ignored(s) {
			signal.Notify(make(chan os.Signal, 1), s)
		}
	}
	entries, _ := os.ReadDir("/dev/fd")
	for _, entry := range entries {
		if fd, err := strconv.Atoi(entry.Name()); err == nil && fd > 2 {
			syscall.CloseOnExec(fd)
		}
	}
}
