// want: out-of-memory or timeout or panic in every check
// chapter: 03-limits
// must not: delay others

// Wants a thread for each of very many goroutines.

package process

import (
	"runtime"
	"syscall"
)

func Double(n int) int {
	for range 2000 {
		go func() {
			runtime.LockOSThread()
			syscall.Pause()
		}()
	}
	select {}
}

func Echo(text string) (string, error) {
	var fds [2]int
	syscall.Pipe(fds[:])
	for range 2000 {
		go syscall.Read(fds[0], make([]byte, 1))
	}
	select {}
}
