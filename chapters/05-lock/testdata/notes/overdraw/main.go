// Command overdraw withdraws 70 twice from an account that holds 100.
package main

import (
	"errors"
	"fmt"
	"sync"
	"time"
)

var ErrFunds = errors.New("insufficient funds")

type Account struct {
	mu      sync.Mutex
	balance int
}

func (a *Account) Balance() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.balance
}

// region withdraw
func (a *Account) Withdraw(amount int) error {
	if a.Balance() < amount { // locks, reads, unlocks
		return ErrFunds
	}
	askFraudDepartment()
	a.mu.Lock()
	defer a.mu.Unlock()
	a.balance -= amount
	return nil
}

// endregion

// askFraudDepartment takes its time, as it would.
func askFraudDepartment() { time.Sleep(10 * time.Millisecond) }

func main() {
	a := Account{balance: 100}
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { fmt.Println("withdraw 70:", a.Withdraw(70)) })
	}
	wg.Wait()
	fmt.Println("balance:", a.Balance())
}
