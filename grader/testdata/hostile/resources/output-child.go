// want: output-limit or timeout in every check
// chapter: 03-limits
// must not: leave a process, delay others

// Has a child print without end on the inherited streams, and ends itself.

package process

import (
	"os"
	"os/exec"
)

func init() {
	if os.Getenv("ACT") != "" {
		for {
			os.Stdout.WriteString("for ever and ever\n")
			os.Stderr.WriteString("and on the other stream\n")
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

func Double(n int) int { again("print").Run(); return 0 }

func Echo(text string) (string, error) {
	again("print").Start()
	select {}
}
