// want: timeout in every check
// chapter: 03-limits
// must not: delay others

// Stops itself, or the signal that it is to be stopped with.

package process

import (
	"os"
	"os/signal"
	"syscall"
	"time"
)

func Double(n int) int {
	syscall.Kill(os.Getpid(), syscall.SIGSTOP)
	time.Sleep(time.Hour) // the signal stops another thread first
	return 0
}

func Echo(text string) (string, error) {
	signal.Ignore(syscall.SIGQUIT, syscall.SIGTERM, syscall.SIGINT, syscall.SIGXCPU, syscall.SIGABRT)
	time.Sleep(time.Hour)
	return "", nil
}
