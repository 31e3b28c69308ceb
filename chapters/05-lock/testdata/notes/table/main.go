// Command table is the Go side of the table in the notes.
package main

import (
	"fmt"
	"sync"
	"time"
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

func main() {
	var mu sync.Mutex
	mu.Lock()
	fmt.Println("a second try:", mu.TryLock())
	mu.Unlock()

	slot := make(chan struct{}, 1) // a lock that can be waited for with a time-out
	slot <- struct{}{}
	select {
	case slot <- struct{}{}:
		fmt.Println("in")
	case <-time.After(10 * time.Millisecond):
		fmt.Println("gave up")
	}
	<-slot

	var a account
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { a.deposit(50) })
	}
	wg.Wait()
	fmt.Println("balance:", a.balance)
}
