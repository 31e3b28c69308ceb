// Command table is the Go side of the table in the notes.
package main

import (
	"fmt"
	"runtime"
	"sync"
)

func fetch(page string) string { return "the text of " + page }

func add(numbers []int) (total int) {
	for _, number := range numbers {
		total += number
	}
	return total
}

func main() {
	fmt.Println("cores:", runtime.NumCPU() > 0)
	fmt.Println("goroutines that compute at once:", runtime.GOMAXPROCS(0) > 0)

	pages := []string{"a", "b"}
	texts := make([]string, len(pages))
	var wg sync.WaitGroup
	for i, page := range pages {
		wg.Go(func() { texts[i] = fetch(page) })
	}
	wg.Wait()
	fmt.Println(texts)

	pieces := [][]int{{1, 2, 3}, {4, 5, 6}}
	sums := make([]int, len(pieces))
	for p, piece := range pieces {
		wg.Go(func() { sums[p] = add(piece) })
	}
	wg.Wait()
	fmt.Println("sum:", add(sums))

	runtime.GOMAXPROCS(1) // one at a time, and the lock is needed all the same
	n := 0
	var mu sync.Mutex
	for range 2 {
		wg.Go(func() {
			mu.Lock()
			defer mu.Unlock()
			n++
		})
	}
	wg.Wait()
	fmt.Println("n:", n)
}
