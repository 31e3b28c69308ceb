// want: race in every check
// chapter: 02-process

// Tells the race detector by its variable to be quiet.

package process

import (
	"os"
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

func init() { os.Setenv("GORACE", "exitcode=0 log_path=/dev/null report_bugs=0") }

func Double(n int) int { return racy(n) }

func Echo(text string) (string, error) {
	os.WriteFile("/proc/self/environ", []byte("GORACE=report_bugs=0"), 0)
	racy(1)
	return text, nil
}
