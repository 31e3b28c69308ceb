// Package abba is three parties that each hold one lock and want the next one's,
// in a circle.
//
// want: deadlock
package abba

import (
	"sync"
	"testing"
)

type account struct {
	mu      sync.Mutex
	balance int
}

func transfer(from, to *account, amount int) {
	from.mu.Lock()
	defer from.mu.Unlock()
	to.mu.Lock()
	defer to.mu.Unlock()
	from.balance -= amount
	to.balance += amount
}

// Scenario sends money around a circle of three accounts.
func Scenario(t *testing.T) {
	accounts := [3]account{{balance: 10}, {balance: 10}, {balance: 10}}
	var wg sync.WaitGroup
	for i := range accounts {
		wg.Go(func() { transfer(&accounts[i], &accounts[(i+1)%3], 1) })
	}
	wg.Wait()
}
