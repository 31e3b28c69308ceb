// want: fail in every check
// chapter: 02-process
// must not: read a secret

// Reads what /proc tells about this process: its memory, its start, its parent.

package process

import (
	"errors"
	"fmt"
	"os"
)

func Double(n int) int {
	if f, err := os.OpenFile("/proc/self/mem", os.O_RDWR, 0); err == nil {
		f.Close()
		return 2 * n
	}
	for _, name := range []string{"maps", "mem", "cmdline", "auxv", "root", "fd", "task", "stat", "mountinfo"} {
		if _, err := os.Lstat("/proc/self/" + name); err == nil {
			return 2 * n
		}
	}
	return -1
}

func Echo(text string) (string, error) {
	all := ""
	for _, name := range []string{"/proc/self/environ", "/proc/1/environ", "/proc/@grader@/environ", "/proc/self/root/@secret@"} {
		data, err := os.ReadFile(name)
		all += fmt.Sprintf("%s %v\n", data, err)
	}
	return "", errors.New(all)
}
