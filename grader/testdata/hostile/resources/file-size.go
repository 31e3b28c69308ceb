// want: missing or fail or panic or output-limit in TestDouble, fail in TestEcho
// chapter: 03-limits
// must not: leave a file

// Makes one file of a terabyte, and raises the limit on that first.

package process

import (
	"os"
	"syscall"
)

func Double(n int) int {
	syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 1 << 40, Max: 1 << 40})
	f, _ := os.Create("/tmp/large")
	if f.Truncate(1<<40) == nil {
		return 2 * n
	}
	return -1
}

func Echo(text string) (string, error) {
	for _, resource := range []int{syscall.RLIMIT_FSIZE, syscall.RLIMIT_CPU, syscall.RLIMIT_NOFILE, syscall.RLIMIT_CORE} {
		unlimited := syscall.Rlimit{Cur: 1 << 40, Max: 1 << 40}
		if syscall.Setrlimit(resource, &unlimited) == nil {
			return text, nil
		}
	}
	return "", nil
}
