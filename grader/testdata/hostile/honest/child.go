// want: pass
// chapter: 02-process

// A worker process of the program's own: what a chapter about processes asks for.

package process

import (
	"io"
	"os"
	"os/exec"
	"strings"
)

func init() {
	if os.Getenv("PROCESS_WORKER") == "1" {
		io.Copy(os.Stdout, os.Stdin)
		os.Exit(0)
	}
}

func Double(n int) int { return n << 1 }

func Echo(text string) (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), "PROCESS_WORKER=1")
	cmd.Stdin = strings.NewReader(text)
	out, err := cmd.Output()
	return string(out), err
}
