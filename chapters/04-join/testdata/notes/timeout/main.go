// Command timeout waits for a slow group a hundred times, a millisecond each.
package main

import (
	"fmt"
	"runtime"
	"sync"
	"time"
)

// region wait
func waitTimeout(wg *sync.WaitGroup, d time.Duration) bool {
	done := make(chan struct{})
	go func() {
		wg.Wait()
		close(done)
	}()
	select {
	case <-done:
		return true
	case <-time.After(d):
		return false
	}
}

// endregion

func main() {
	var wg sync.WaitGroup
	stuck := make(chan struct{})
	wg.Go(func() { <-stuck })
	for range 100 {
		waitTimeout(&wg, time.Millisecond)
	}
	fmt.Println("goroutines:", runtime.NumGoroutine())
	close(stuck)
	wg.Wait()
}
