// want: race in TestTransferIsOneStep, race in TestTransferNeverDeadlocks, race in TestTotalWhileMoneyMoves, race in TestTotalIsOneMoment, race in TestTransferLosesNothing

// Transfer locks the account it takes from, and not the one it gives to.
package lock

import (
	"errors"
	"slices"
	"sync"
)

var (
	// ErrAmount says that an amount of money is zero or negative.
	ErrAmount = errors.New("amount must be positive")
	// ErrFunds says that an account holds less than was to be taken from it.
	ErrFunds = errors.New("insufficient funds")
)

// An Account holds money, in cents.
type Account struct {
	number  int
	mu      sync.Mutex
	balance int
}

// NewAccount returns an account that holds balance.
func NewAccount(number, balance int) *Account {
	return &Account{number: number, balance: balance}
}

// Deposit adds amount to the account.
func (a *Account) Deposit(amount int) error {
	if amount <= 0 {
		return ErrAmount
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.balance += amount
	return nil
}

// Balance returns what the account holds.
func (a *Account) Balance() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.balance
}

// Withdraw takes amount out of the account, if it holds that much.
func (a *Account) Withdraw(amount int) error {
	if amount <= 0 {
		return ErrAmount
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.balance < amount {
		return ErrFunds
	}
	a.balance -= amount
	return nil
}

// Transfer moves amount from one account to another.
func Transfer(from, to *Account, amount int) error {
	if amount <= 0 {
		return ErrAmount
	}
	from.mu.Lock()
	defer from.mu.Unlock()
	if from.balance < amount {
		return ErrFunds
	}
	from.balance -= amount
	to.balance += amount
	return nil
}

// Total returns the sum of the balances.
func Total(accounts ...*Account) int {
	sorted := slices.Clone(accounts)
	slices.SortFunc(sorted, func(a, b *Account) int { return a.number - b.number })
	for _, a := range slices.Compact(sorted) {
		a.mu.Lock()
		defer a.mu.Unlock()
	}
	total := 0
	for _, a := range accounts {
		total += a.balance
	}
	return total
}

// A Cache keeps what a slow function returned for a key.
type Cache[K comparable, V any] struct {
	load    func(K) (V, error)
	mu      sync.Mutex
	entries map[K]*entry[V]
}

type entry[V any] struct {
	done  chan struct{} // closed when the load is over
	value V
	err   error
}

// NewCache returns an empty cache that gets its values from load.
func NewCache[K comparable, V any](load func(K) (V, error)) *Cache[K, V] {
	return &Cache[K, V]{load: load, entries: make(map[K]*entry[V])}
}

// errLoad is what those who wait get when load panics.
var errLoad = errors.New("load panicked")

// Get returns the value of key.
func (c *Cache[K, V]) Get(key K) (V, error) {
	c.mu.Lock()
	if e, ok := c.entries[key]; ok {
		c.mu.Unlock()
		<-e.done
		return e.value, e.err
	}
	e := &entry[V]{done: make(chan struct{}), err: errLoad}
	c.entries[key] = e
	c.mu.Unlock()

	defer func() {
		if e.err != nil {
			c.mu.Lock()
			delete(c.entries, key)
			c.mu.Unlock()
		}
		close(e.done)
	}()
	e.value, e.err = c.load(key)
	return e.value, e.err
}
