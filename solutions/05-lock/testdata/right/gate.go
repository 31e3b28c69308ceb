// One at a time passes the gate to lock several accounts, in any order; the lock is
// embedded; the cache publishes each load through an atomic pointer.
package lock

import (
	"errors"
	"sync"
	"sync/atomic"
)

var (
	// ErrAmount says that an amount of money is zero or negative.
	ErrAmount = errors.New("amount must be positive")
	// ErrFunds says that an account holds less than was to be taken from it.
	ErrFunds = errors.New("insufficient funds")
)

// An Account holds money, in cents.
type Account struct {
	sync.Mutex
	number  int
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
	a.Lock()
	defer a.Unlock()
	a.balance += amount
	return nil
}

// Balance returns what the account holds.
func (a *Account) Balance() int {
	a.Lock()
	defer a.Unlock()
	return a.balance
}

// Withdraw takes amount out of the account, if it holds that much.
func (a *Account) Withdraw(amount int) error {
	if amount <= 0 {
		return ErrAmount
	}
	a.Lock()
	defer a.Unlock()
	if a.balance < amount {
		return ErrFunds
	}
	a.balance -= amount
	return nil
}

// gate is held while somebody locks more than one account.
var gate sync.Mutex

// Transfer moves amount from one account to another.
func Transfer(from, to *Account, amount int) error {
	if amount <= 0 {
		return ErrAmount
	}
	gate.Lock()
	from.Lock()
	defer from.Unlock()
	if to != from {
		to.Lock()
		defer to.Unlock()
	}
	gate.Unlock()
	if from.balance < amount {
		return ErrFunds
	}
	from.balance -= amount
	to.balance += amount
	return nil
}

// Total returns the sum of the balances.
func Total(accounts ...*Account) int {
	locked := make(map[*Account]bool)
	gate.Lock()
	for _, a := range accounts {
		if !locked[a] {
			locked[a] = true
			a.Lock()
			defer a.Unlock()
		}
	}
	gate.Unlock()
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
	mu    sync.Mutex // held while load runs
	value atomic.Pointer[V]
}

// NewCache returns an empty cache that gets its values from load.
func NewCache[K comparable, V any](load func(K) (V, error)) *Cache[K, V] {
	return &Cache[K, V]{load: load, entries: make(map[K]*entry[V])}
}

// Get returns the value of key.
func (c *Cache[K, V]) Get(key K) (V, error) {
	c.mu.Lock()
	e, ok := c.entries[key]
	if !ok {
		e = new(entry[V])
		c.entries[key] = e
	}
	c.mu.Unlock()
	if value := e.value.Load(); value != nil {
		return *value, nil
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if value := e.value.Load(); value != nil {
		return *value, nil
	}
	value, err := c.load(key)
	if err == nil {
		e.value.Store(&value)
	}
	return value, err
}
