// want: race or missing in every check
// chapter: 02-process

// Races, and ends the process with 0 as soon as the check is over.

package process

import (
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

func racy(n int) int {
	var wg sync.WaitGroup
	twice := 0
	for range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			twice += n
		}()
	}
	wg.Wait()
	return 2 * n
}

func Double(n int) int {
	defer time.AfterFunc(20*time.Millisecond, func() { os.Exit(0) })
	return racy(n)
}

func Echo(text string) (string, error) {
	signal.Ignore(syscall.SIGQUIT)
	time.AfterFunc(0, func() { syscall.Exit(0) })
	racy(1)
	return text, nil
}
