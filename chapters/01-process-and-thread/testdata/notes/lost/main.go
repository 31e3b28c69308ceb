// Command lost counts in two goroutines.
package main

import (
	"fmt"
	"sync"
)

// region main
var n int

func main() {
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for range 100_000_000 {
				n++
			}
		})
	}
	wg.Wait()
	fmt.Println("n =", n, "of 200000000")
}

// endregion
