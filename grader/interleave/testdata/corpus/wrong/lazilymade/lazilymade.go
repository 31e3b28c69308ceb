// Package lazilymade makes a package's map when it is first used, without a lock: only the
// first use of a program can go wrong.
//
// want: race
package lazilymade

import (
	"sync"
	"testing"
)

var (
	mu     sync.Mutex
	prices map[string]int
)

func price(name string) int {
	if prices == nil {
		made := map[string]int{"tea": 2}
		mu.Lock()
		defer mu.Unlock()
		prices = made
	}
	return prices[name]
}

// Scenario asks twice.
func Scenario(t *testing.T) {
	var wg sync.WaitGroup
	wg.Go(func() { price("tea") })
	if n := price("tea"); n != 2 {
		t.Errorf("%d, want 2", n)
	}
	wg.Wait()
}
