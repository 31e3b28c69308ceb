// want: pass
// chapter: 02-process

// Uses a hundred megabytes, a hundred goroutines and a few open files, and gives them back.

package process

import (
	"os"
	"sync"
)

func Double(n int) int {
	block := make([]byte, 100<<20)
	for i := 0; i < len(block); i += 4096 {
		block[i] = 1
	}
	return n + int(block[0])*n
}

func Echo(text string) (string, error) {
	var wg sync.WaitGroup
	errs := make(chan error, 100)
	for range 100 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			f, err := os.Open(os.DevNull)
			if err == nil {
				err = f.Close()
			}
			errs <- err
		}()
	}
	wg.Wait()
	close(errs)
	for err := range errs {
		if err != nil {
			return "", err
		}
	}
	return text, nil
}
