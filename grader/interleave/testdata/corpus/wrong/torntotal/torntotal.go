// Package torntotal adds up accounts one by one while money moves between them.
//
// want: wrong result
package torntotal

import (
	"sync"
	"testing"
)

type account struct {
	mu      sync.Mutex
	balance int
}

func (a *account) add(amount int) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.balance += amount
	return a.balance
}

// Scenario takes the total during a transfer that locks both accounts.
func Scenario(t *testing.T) {
	a, b := &account{balance: 10}, &account{balance: 10}
	var wg sync.WaitGroup
	wg.Go(func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		b.mu.Lock()
		defer b.mu.Unlock()
		a.balance -= 5
		b.balance += 5
	})
	wg.Go(func() {
		if total := a.add(0) + b.add(0); total != 20 {
			t.Errorf("total is %d, want 20", total)
		}
	})
	wg.Wait()
}
