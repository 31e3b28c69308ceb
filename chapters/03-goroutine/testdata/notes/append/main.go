// Command append lets four goroutines collect their results in one slice.
package main

import (
	"fmt"
	"slices"
	"sync"
)

func shrink(photo int) int { return photo / 2 }

func main() {
	// region collect
	var small []int
	var wg sync.WaitGroup
	for album := range 4 {
		wg.Go(func() {
			for photo := range 50_000 {
				small = append(small, shrink(100_000*album+photo))
			}
		})
	}
	wg.Wait()
	// endregion
	fmt.Println("200000 photos,", len(small), "of them shrunk; in order:", slices.IsSorted(small))
}
