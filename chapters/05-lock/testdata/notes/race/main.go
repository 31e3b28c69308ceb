// Command race looks at an account while somebody else deposits.
package main

import (
	"fmt"
	"sync"
	"time"
)

// region account
type Account struct {
	mu      sync.Mutex
	balance int // guarded by mu
}

func (a *Account) Deposit(amount int) {
	a.mu.Lock()
	a.balance += amount
	a.mu.Unlock()
}

func (a *Account) Balance() int { return a.balance } // only a read

// endregion

func main() {
	// region main
	var a Account
	go a.Deposit(100)
	time.Sleep(10 * time.Millisecond) // long enough, surely
	fmt.Println("balance:", a.Balance())
	// endregion
}
