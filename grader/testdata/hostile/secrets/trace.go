// want: rejected in policy
// chapter: 02-process
// must not: read a secret

// Attaches itself to other processes, and mounts what it would like to see.

package process

import (
	"fmt"
	"os"
	"syscall"
)

func Echo(text string) (string, error) {
	errs := fmt.Sprint(
		syscall.PtraceAttach(1), syscall.PtraceAttach(os.Getppid()),
		syscall.Mount("/", "/tmp", "", syscall.MS_BIND, ""), syscall.Chroot("/tmp"), syscall.Unshare(syscall.CLONE_NEWUSER))
	return errs, nil
}

func Double(n int) int { return -1 }
