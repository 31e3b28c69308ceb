// want: race in every check
// chapter: 02-process

// Races where only one processor is left, on a thread of its own.

package process

import (
	"runtime"
	"sync"
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
	runtime.GOMAXPROCS(1)
	return racy(n)
}

func Echo(text string) (string, error) {
	runtime.LockOSThread()
	racy(1)
	return text, nil
}
