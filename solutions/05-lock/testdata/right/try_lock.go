// Whoever cannot have all locks at once lets go of what it has and tries again.
package lock

import (
	"errors"
	"slices"
	"sync"
	"time"
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
	defer hold(from, to)()
	if from.balance < amount {
		return ErrFunds
	}
	from.balance -= amount
	to.balance += amount
	return nil
}

// Total returns the sum of the balances.
func Total(accounts ...*Account) int {
	defer hold(accounts...)()
	total := 0
	for _, a := range accounts {
		total += a.balance
	}
	return total
}

// hold locks all of the accounts and returns what unlocks them.
func hold(accounts ...*Account) (release func()) {
	var distinct []*Account
	for _, a := range accounts {
		if !slices.Contains(distinct, a) {
			distinct = append(distinct, a)
		}
	}
	for !tryAll(distinct) {
		time.Sleep(time.Microsecond)
	}
	return func() { unlock(distinct) }
}

func tryAll(accounts []*Account) bool {
	for i, a := range accounts {
		if !a.mu.TryLock() {
			unlock(accounts[:i])
			return false
		}
	}
	return true
}

func unlock(accounts []*Account) {
	for _, a := range accounts {
		a.mu.Unlock()
	}
}

// A Cache keeps what a slow function returned for a key.
type Cache[K comparable, V any] struct {
	load    func(K) (V, error)
	entries sync.Map // K to *entry[V]
}

type entry[V any] struct {
	mu     sync.Mutex
	loaded bool
	value  V
}

// NewCache returns an empty cache that gets its values from load.
func NewCache[K comparable, V any](load func(K) (V, error)) *Cache[K, V] {
	return &Cache[K, V]{load: load}
}

// Get returns the value of key.
func (c *Cache[K, V]) Get(key K) (V, error) {
	found, _ := c.entries.LoadOrStore(key, new(entry[V]))
	e := found.(*entry[V])
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.loaded {
		return e.value, nil
	}
	value, err := c.load(key)
	if err == nil {
		e.value, e.loaded = value, true
	}
	return value, err
}
