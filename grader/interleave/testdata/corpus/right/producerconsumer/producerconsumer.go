// Package producerconsumer has two producers, two consumers and one who closes the
// channel when all is produced.
package producerconsumer

import (
	"sync"
	"testing"
)

// Scenario produces two items and consumes them.
func Scenario(t *testing.T) {
	items := make(chan int, 1)
	sums := make([]int, 2)
	var producers, consumers sync.WaitGroup
	for i := range 2 {
		producers.Go(func() { items <- i + 1 })
		consumers.Go(func() {
			for v := range items {
				sums[i] += v
			}
		})
	}
	producers.Wait()
	close(items)
	consumers.Wait()
	if sum := sums[0] + sums[1]; sum != 3 {
		t.Errorf("the items make %d, want 3", sum)
	}
}
