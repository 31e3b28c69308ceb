// want: out-of-memory or timeout in every check
// chapter: 03-limits
// must not: leave a process, delay others

// Starts itself, which starts itself, twice each time.

package process

import (
	"os"
	"os/exec"
	"time"
)

func init() {
	if os.Getenv("ACT") != "" {
		bomb()
	}
}

func again(what string) *exec.Cmd {
	self, _ := os.Executable()
	cmd := exec.Command(self)
	cmd.Env = []string{"ACT=" + what}
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd
}

func bomb() {
	for range 2 {
		again("bomb").Start()
	}
	time.Sleep(time.Hour)
}

func Double(n int) int { bomb(); return 0 }

func Echo(text string) (string, error) {
	for {
		if cmd := again("bomb"); cmd.Start() == nil {
			go cmd.Wait()
		}
	}
}
