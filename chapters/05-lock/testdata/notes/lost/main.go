// Command lost makes 200 deposits in two goroutines and counts what is left of them.
package main

import (
	"fmt"
	"sync"
	"time"
)

// region account
type Account struct{ balance int }

func (a *Account) Deposit(amount int) {
	balance := a.balance
	printReceipt()
	a.balance = balance + amount
}

// endregion

// printReceipt takes as long as printers do.
func printReceipt() { time.Sleep(time.Millisecond) }

func main() {
	var a Account
	// region main
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for range 100 {
				a.Deposit(1)
			}
		})
	}
	wg.Wait()
	fmt.Println("200 deposits of 1, and the account holds", a.balance)
	// endregion
}
