// want: missing in TestDouble, fail in TestEcho
// chapter: 02-process
// must not: delay others

// Kills its process group; kills its parents, all that it sees and the grader.

package process

import (
	"os"
	"strconv"
	"syscall"
)

func Double(n int) int { syscall.Kill(0, syscall.SIGKILL); select {} }

func Echo(text string) (string, error) {
	grader, _ := strconv.Atoi("@grader@")
	for _, pid := range []int{1, os.Getppid(), grader} {
		for _, s := range []syscall.Signal{syscall.SIGKILL, syscall.SIGTERM, syscall.SIGSTOP} {
			if pid > 0 && pid != os.Getpid() {
				syscall.Kill(pid, s)
			}
		}
	}
	return "still here", nil
}
