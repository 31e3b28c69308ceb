// want: fail in TestCacheFailsTogether

// Whoever has waited for a load that failed loads again, and looks for no error then.
package lock

import (
	"cmp"
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

// An Account holds money, in cents. Make one with NewAccount; do not copy it.
type Account struct {
	number int // never changes, so it needs no lock

	mu      sync.Mutex
	balance int // guarded by mu
}

// NewAccount returns an account that holds balance.
func NewAccount(number, balance int) *Account {
	return &Account{number: number, balance: balance}
}

// Deposit adds amount to the account, or returns ErrAmount.
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

// Withdraw takes amount out of the account, or returns ErrAmount or ErrFunds.
func (a *Account) Withdraw(amount int) error {
	if amount <= 0 {
		return ErrAmount
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.take(amount)
}

// take is the check and the act. The caller holds mu, from before the one until after
// the other: calling Balance for the check would let go in between.
func (a *Account) take(amount int) error {
	if a.balance < amount {
		return ErrFunds
	}
	a.balance -= amount
	return nil
}

// Transfer moves amount from one account to another, or returns ErrAmount or ErrFunds.
func Transfer(from, to *Account, amount int) error {
	if amount <= 0 {
		return ErrAmount
	}
	defer hold(from, to)()
	if err := from.take(amount); err != nil {
		return err
	}
	to.balance += amount
	return nil
}

// Total returns the sum of the balances at one moment.
func Total(accounts ...*Account) int {
	defer hold(accounts...)()
	total := 0
	for _, a := range accounts {
		total += a.balance
	}
	return total
}

// hold locks the accounts, each once, in the order of their numbers, and returns what
// unlocks them.
func hold(accounts ...*Account) (release func()) {
	sorted := slices.Clone(accounts) // sorting the caller's slice would be a race of its own
	slices.SortFunc(sorted, func(a, b *Account) int { return cmp.Compare(a.number, b.number) })
	sorted = slices.Compact(sorted)
	for _, a := range sorted {
		a.mu.Lock()
	}
	return func() {
		for _, a := range sorted {
			a.mu.Unlock()
		}
	}
}

// A Cache keeps what a slow function returned for a key.
type Cache[K comparable, V any] struct {
	load func(K) (V, error)

	mu      sync.Mutex
	over    *sync.Cond // a load is over
	loading map[K]bool // guarded by mu
	values  map[K]V    // guarded by mu
}

// NewCache returns an empty cache that gets its values from load.
func NewCache[K comparable, V any](load func(K) (V, error)) *Cache[K, V] {
	c := &Cache[K, V]{load: load, loading: make(map[K]bool), values: make(map[K]V)}
	c.over = sync.NewCond(&c.mu)
	return c
}

// Get returns the value of key.
func (c *Cache[K, V]) Get(key K) (value V, err error) {
	c.mu.Lock()
	waited := false
	for c.loading[key] {
		waited = true
		c.over.Wait()
	}
	if value, ok := c.values[key]; ok {
		c.mu.Unlock()
		return value, nil
	}
	c.loading[key] = true
	c.mu.Unlock()
	loaded := false
	over := func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if loaded {
			c.values[key] = value
		}
		delete(c.loading, key)
		c.over.Broadcast()
	}
	defer over()
	value, err = c.load(key)
	loaded = err == nil
	if waited {
		return value, nil
	}
	return value, err
}
