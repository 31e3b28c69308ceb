// Command early fetches six pages, at most two at a time, it says.
package main

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// fetch takes its time, and notes how many do so at the same time.
func fetch(now, most *atomic.Int32) {
	n := now.Add(1)
	defer now.Add(-1)
	for seen := most.Load(); n > seen && !most.CompareAndSwap(seen, n); seen = most.Load() {
	}
	time.Sleep(20 * time.Millisecond)
}

func main() {
	var now, most atomic.Int32
	var wg sync.WaitGroup
	// region main
	permits := make(chan struct{}, 2)
	for range 6 {
		permits <- struct{}{}
		wg.Go(func() { fetch(&now, &most) })
		<-permits
	}
	wg.Wait()
	fmt.Println("at the same time, with 2 permits:", most.Load())
	// endregion
}
