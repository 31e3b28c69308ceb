// want: fail in TestTransferIsOneStep

// Transfer withdraws and then deposits. Balance and Total wait for its end; Withdraw does not.
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

// transfers is held by one who transfers, and by those who must not see half of it.
var transfers sync.RWMutex

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
	transfers.RLock()
	defer transfers.RUnlock()
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

// look says whether the account holds amount.
func (a *Account) look(amount int) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.balance < amount {
		return ErrFunds
	}
	return nil
}

// Transfer moves amount from one account to another, or returns ErrAmount or ErrFunds.
func Transfer(from, to *Account, amount int) error {
	if amount <= 0 {
		return ErrAmount
	}
	transfers.Lock()
	defer transfers.Unlock()
	if from == to {
		return from.look(amount)
	}
	if err := from.Withdraw(amount); err != nil {
		return err
	}
	return to.Deposit(amount)
}

// Total returns the sum of the balances at one moment.
func Total(accounts ...*Account) int {
	transfers.RLock()
	defer transfers.RUnlock()
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
	entries map[K]*entry[V] // guarded by mu, which is never held while load runs
}

// An entry is the place of one key. Its lock is held while load runs for the key, so
// that only those who want the same key wait.
type entry[V any] struct {
	mu     sync.Mutex
	loaded bool // guarded by mu
	value  V    // guarded by mu
}

// NewCache returns an empty cache that gets its values from load.
func NewCache[K comparable, V any](load func(K) (V, error)) *Cache[K, V] {
	return &Cache[K, V]{load: load, entries: make(map[K]*entry[V])}
}

// Get returns the value of key, and calls load for it if there is none yet.
func (c *Cache[K, V]) Get(key K) (V, error) {
	e := c.entry(key)
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

// entry returns the entry of key, the same one to everybody who asks.
func (c *Cache[K, V]) entry(key K) *entry[V] {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.entries[key]
	if !ok {
		e = &entry[V]{}
		c.entries[key] = e
	}
	return e
}
