// want: fail in every check
// chapter: 02-process
// must not: change others

// Changes the folder, the mask and the variables that everyone in the process shares.

package process

import (
	"os"
	"syscall"
)

func Double(n int) int {
	os.Chdir("/")
	syscall.Umask(0o777)
	os.Clearenv()
	os.Setenv("GOTRACEBACK", "none")
	return -1
}

func Echo(text string) (string, error) {
	syscall.Close(0)
	syscall.Close(1)
	os.RemoveAll("/tmp")
	os.RemoveAll("/")
	return "", nil
}
