// want: pass
// chapter: 02-process

// Panics and recovers, exits goroutines, handles signals, all within its own business.

package process

import (
	"os"
	"os/signal"
	"runtime"
	"sync"
	"syscall"
)

func Double(n int) (twice int) {
	defer func() {
		if recover() != nil {
			twice = 2 * n
		}
	}()
	var none []int
	return none[n]
}

func Echo(text string) (string, error) {
	got := make(chan os.Signal, 1)
	signal.Notify(got, syscall.SIGUSR1)
	defer signal.Stop(got)
	if err := syscall.Kill(os.Getpid(), syscall.SIGUSR1); err != nil {
		return "", err
	}
	<-got
	var wg sync.WaitGroup
	var said string
	wg.Add(1)
	go func() {
		defer wg.Done()
		defer func() { said = text }()
		runtime.Goexit()
	}()
	wg.Wait()
	return said, nil
}
