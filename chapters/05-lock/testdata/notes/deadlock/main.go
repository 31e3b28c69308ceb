// Command deadlock transfers money in both directions at the same time.
package main

import (
	"sync"
	"time"
)

type Account struct {
	mu      sync.Mutex
	balance int
}

// region transfer
func Transfer(from, to *Account, amount int) {
	from.mu.Lock()
	defer from.mu.Unlock()
	time.Sleep(10 * time.Millisecond) // a busy day
	to.mu.Lock()
	defer to.mu.Unlock()
	from.balance -= amount
	to.balance += amount
}

// endregion

func main() {
	ann, bob := &Account{balance: 100}, &Account{balance: 100}
	var wg sync.WaitGroup
	wg.Go(func() { Transfer(ann, bob, 10) })
	wg.Go(func() { Transfer(bob, ann, 20) })
	wg.Wait()
}
