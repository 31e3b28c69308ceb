// Command fine adds up a hundred thousand numbers in three ways, and says how long each
// takes: the best of three times.
package main

import (
	"fmt"
	"runtime"
	"sync"
	"time"
)

const n = 100_000

var numbers = make([]int, n)

// region fine
// A goroutine for every number.
func fine() (total int) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, number := range numbers {
		wg.Go(func() {
			mu.Lock()
			total += number
			mu.Unlock()
		})
	}
	wg.Wait()
	return total
}

// endregion

// pieces adds up a piece in each of as many goroutines as there are cores.
func pieces() (total int) {
	cores := runtime.NumCPU()
	sums := make([]int, cores)
	var wg sync.WaitGroup
	for p := range cores {
		wg.Go(func() { sums[p] = loop(numbers[p*n/cores : (p+1)*n/cores]) })
	}
	wg.Wait()
	return loop(sums)
}

func loop(numbers []int) (total int) {
	for _, number := range numbers {
		total += number
	}
	return total
}

func main() {
	for i := range numbers {
		numbers[i] = i % 10
	}
	for _, way := range []struct {
		name string
		add  func() int
	}{
		{"a goroutine for each number:", fine},
		{"a goroutine for each core:  ", pieces},
		{"no goroutine at all:        ", func() int { return loop(numbers) }},
	} {
		total, best := 0, time.Hour
		for range 3 {
			start := time.Now()
			total = way.add()
			best = min(best, time.Since(start))
		}
		fmt.Println(way.name, total, best.Round(time.Microsecond))
	}
}
