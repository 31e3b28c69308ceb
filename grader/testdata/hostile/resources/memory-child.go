// want: out-of-memory or timeout in TestDouble, out-of-memory or timeout in TestEcho
// chapter: 03-limits
// must not: leave a process

// Has children fill the memory, each a part of it.

package process

import (
	"os"
	"os/exec"
	"runtime"
	"time"
)

func init() {
	if os.Getenv("ACT") != "" {
		block := make([]byte, 80<<20)
		for i := 0; i < len(block); i += 4096 {
			block[i] = 1
		}
		time.Sleep(time.Hour)
		runtime.KeepAlive(block)
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
	for range 4 {
		again("eat").Start()
	}
	select {}
}

func Echo(text string) (string, error) {
	for range 4 {
		go again("eat").Run()
	}
	select {}
}
