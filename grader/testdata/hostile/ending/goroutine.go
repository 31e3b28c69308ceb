// want: missing in every check
// chapter: 02-process

// Another goroutine ends the process, while the check waits or when its result is out.

package process

import (
	"syscall"
	"time"
)

func Double(n int) int {
	go syscall.Exit(0)
	select {}
}

func Echo(text string) (string, error) {
	time.AfterFunc(0, func() { syscall.Exit(0) })
	time.Sleep(time.Minute)
	return "", nil
}
