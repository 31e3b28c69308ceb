// Package sendonclosed closes the channel once, after all producers have ended.
package sendonclosed

import (
	"sync"
	"testing"
)

// Scenario has two producers, a closer and a consumer.
func Scenario(t *testing.T) {
	items := make(chan int)
	var wg sync.WaitGroup
	for i := range 2 {
		wg.Go(func() { items <- i + 1 })
	}
	go func() {
		wg.Wait()
		close(items)
	}()
	sum := 0
	for v := range items {
		sum += v
	}
	if sum != 3 {
		t.Errorf("sum of the items is %d, want 3", sum)
	}
}
