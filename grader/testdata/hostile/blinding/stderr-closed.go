// want: race in every check
// chapter: 02-process

// Closes the stream that races are reported to, or points it elsewhere, before it races.

package process

import (
	"os"
	"sync"
	"syscall"
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
	syscall.Close(2)
	return racy(n)
}

func Echo(text string) (string, error) {
	null, _ := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	syscall.Dup3(int(null.Fd()), 2, 0)
	racy(1)
	return text, nil
}
