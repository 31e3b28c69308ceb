// Package abba is three parties that take their two locks in the accounts' order.
package abba

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

type account struct {
	id      int
	mu      sync.Mutex
	balance int
}

func transfer(from, to *account, amount int) {
	first, second := from, to
	if second.id < first.id {
		first, second = second, first
	}
	first.mu.Lock()
	defer first.mu.Unlock()
	second.mu.Lock()
	defer second.mu.Unlock()
	from.balance -= amount
	to.balance += amount
}

// Scenario sends money around a circle of three accounts.
func Scenario(t *testing.T) {
	accounts := [3]account{{id: 1, balance: 10}, {id: 2, balance: 10}, {id: 3, balance: 10}}
	var wg sync.WaitGroup
	for i := range accounts {
		wg.Go(func() { transfer(&accounts[i], &accounts[(i+1)%3], 1) })
	}
	wg.Wait()
	for i := range accounts {
		require.Equal(t, 10, accounts[i].balance)
	}
}
