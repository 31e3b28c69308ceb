// want: timeout in every check
// chapter: 03-limits
// must not: leave a process, delay others

// Has children use the processor, and waits innocently.

package process

import (
	"os"
	"os/exec"
)

func init() {
	if os.Getenv("ACT") != "" {
		for {
		}
	}
}

func again(what string) *exec.Cmd {
	self, _ := os.Executable()
	cmd := exec.Command(self)
	cmd.Env = []string{"ACT=" + what}
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd
}

func Double(n int) int {
	for range 3 {
		again("burn").Start()
	}
	select {}
}

func Echo(text string) (string, error) {
	for {
		cmd := again("burn")
		cmd.Start()
		cmd.Process.Kill()
		cmd.Wait()
	}
}
