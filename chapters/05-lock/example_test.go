package lock_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	lock "lockstep/chapters/05-lock"
)

// The examples show how the chapter's types are used. To see what your code makes of
// them, beside what it should: go test -race -v ./chapters/05-lock
func TestExamples(t *testing.T) {
	if testing.Verbose() {
		ExampleAccount()
		ExampleTransfer()
		ExampleCache()
	}
}

func ExampleAccount() {
	a := lock.NewAccount(1, 100)

	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() { a.Deposit(5) })
	}
	wg.Wait()
	fmt.Println("balance:", a.Balance(), "want 150")

	if err := a.Withdraw(1000); errors.Is(err, lock.ErrFunds) {
		fmt.Println("not that much")
	}
}

func ExampleTransfer() {
	ann, bob := lock.NewAccount(1, 100), lock.NewAccount(2, 100)

	var wg sync.WaitGroup
	wg.Go(func() { lock.Transfer(ann, bob, 30) })
	wg.Go(func() { lock.Transfer(bob, ann, 10) })
	fmt.Println("total:", lock.Total(ann, bob), "want 200, now and always")
	wg.Wait()
	fmt.Println("ann:", ann.Balance(), "want 80, bob:", bob.Balance(), "want 120")
}

func ExampleCache() {
	rates := lock.NewCache(func(currency string) (float64, error) {
		fmt.Println("asking the exchange for", currency) // want to see this once
		return 1.25, nil
	})

	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			rate, err := rates.Get("EUR")
			fmt.Println("EUR:", rate, err)
		})
	}
	wg.Wait()
}
