// want: fail in every check
// chapter: 02-process
// must not: read a secret

// Mounts what it would like to see, and makes namespaces in which it may.

package process

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"
)

func Double(n int) int {
	self, _ := os.Executable()
	cmd := exec.Command(self)
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS}
	if cmd.Start() == nil {
		cmd.Process.Kill()
		cmd.Wait()
		return 2 * n
	}
	return -1
}

func Echo(text string) (string, error) {
	return fmt.Sprint(syscall.Mount("/", "/tmp", "", syscall.MS_BIND, ""), syscall.Chroot("/tmp"), syscall.Unshare(syscall.CLONE_NEWUSER)), nil
}
