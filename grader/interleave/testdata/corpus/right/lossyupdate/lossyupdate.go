// Package lossyupdate is the lost update without its claim: a deposit may get lost
// between the two lock sections, and nothing more. It is there to be fast: the
// schedules a second are counted on it.
package lossyupdate

import (
	"sync"
	"testing"
)

type account struct {
	mu      sync.Mutex
	balance int
}

func (a *account) read() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.balance
}

func (a *account) write(balance int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.balance = balance
}

func (a *account) deposit(amount int) {
	a.write(a.read() + amount)
}

// Scenario deposits 1 from each of two goroutines.
func Scenario(t *testing.T) {
	var a account
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { a.deposit(1) })
	}
	wg.Wait()
	if got := a.read(); got < 1 || got > 2 {
		t.Errorf("balance is %d after two deposits of 1, want 1 or 2", got)
	}
}
