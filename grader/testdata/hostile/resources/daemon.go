// want: fail in TestDouble, timeout or leak in TestEcho
// chapter: 03-limits
// must not: leave a process, delay others

// Leaves a process of a session of its own behind, which holds on to every stream.

package process

import (
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"
)

func init() {
	if os.Getenv("DAEMON") != "" {
		signal.Ignore(syscall.SIGHUP, syscall.SIGTERM, syscall.SIGINT, syscall.SIGQUIT)
		time.Sleep(time.Hour)
		os.Exit(0)
	}
}

func start(wait bool) {
	self, _ := os.Executable()
	cmd := exec.Command(self)
	cmd.Env = []string{"DAEMON=1"}
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if cmd.Start() == nil && wait {
		cmd.Wait()
	}
}

func Double(n int) int { start(false); return -1 }

func Echo(text string) (string, error) { start(true); return "", nil }
