// Package lostupdate reads and writes a balance in one lock section.
package lostupdate

import (
	"sync"
	"testing"
)

type account struct {
	mu      sync.Mutex
	balance int
}

func (a *account) deposit(amount int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.balance += amount
}

// Scenario deposits 1 from each of two goroutines.
func Scenario(t *testing.T) {
	var a account
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { a.deposit(1) })
	}
	wg.Wait()
	if a.balance != 2 {
		t.Errorf("balance is %d after two deposits of 1, want 2", a.balance)
	}
}
