package sandbox

import (
	"bytes"
	"os"
	"os/exec"
	"strconv"
	"syscall"
)

func detach(cmd *exec.Cmd) {
	cmd.SysProcAttr = newGroup()
	cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL
}

// killTagged kills every process that was started with tag in its environment. It
// looks again until it finds none, for one may have forked meanwhile.
func killTagged(tag string) {
	for range 100 {
		found := false
		entries, _ := os.ReadDir("/proc")
		for _, entry := range entries {
			pid, err := strconv.Atoi(entry.Name())
			if err != nil {
				continue
			}
			env, err := os.ReadFile("/proc/" + entry.Name() + "/environ")
			if err == nil && bytes.Contains(env, []byte(tag)) && syscall.Kill(pid, syscall.SIGKILL) == nil {
				found = true
			}
		}
		if !found {
			return
		}
	}
}
