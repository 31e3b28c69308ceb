// Command lost makes 40,000,000 deposits in two goroutines and counts what is left of them.
package main

import (
	"fmt"
	"sync"
)

// region account
type Account struct{ balance int }

func (a *Account) Deposit(amount int) { a.balance += amount }

func (a *Account) Balance() int { return a.balance }

// endregion

func main() {
	var a Account
	// region main
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for range 20_000_000 {
				a.Deposit(1)
			}
		})
	}
	wg.Wait()
	fmt.Println("40000000 deposits of 1, and the account holds", a.Balance())
	// endregion
}
