// Channels of capacity 1 are the locks: to send is to lock, to receive is to unlock.
package lock

import (
	"errors"
	"slices"
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
	inside  chan struct{} // holds an element while somebody is inside
	balance int
}

// NewAccount returns an account that holds balance.
func NewAccount(number, balance int) *Account {
	return &Account{number: number, inside: make(chan struct{}, 1), balance: balance}
}

func (a *Account) enter() { a.inside <- struct{}{} }
func (a *Account) leave() { <-a.inside }

// Deposit adds amount to the account.
func (a *Account) Deposit(amount int) error {
	if amount <= 0 {
		return ErrAmount
	}
	a.enter()
	defer a.leave()
	a.balance += amount
	return nil
}

// Balance returns what the account holds.
func (a *Account) Balance() int {
	a.enter()
	defer a.leave()
	return a.balance
}

// Withdraw takes amount out of the account, if it holds that much.
func (a *Account) Withdraw(amount int) error {
	if amount <= 0 {
		return ErrAmount
	}
	a.enter()
	defer a.leave()
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
	first, second := from, to
	if second.number < first.number {
		first, second = second, first
	}
	first.enter()
	defer first.leave()
	if second != first {
		second.enter()
		defer second.leave()
	}
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
		a.enter()
		defer a.leave()
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
	entries chan map[K]chan result[V] // holds the map while nobody works with it
}

// A result waits in the channel of its key; it is not there while load runs.
type result[V any] struct {
	value V
	ok    bool
}

// NewCache returns an empty cache that gets its values from load.
func NewCache[K comparable, V any](load func(K) (V, error)) *Cache[K, V] {
	c := &Cache[K, V]{load: load, entries: make(chan map[K]chan result[V], 1)}
	c.entries <- make(map[K]chan result[V])
	return c
}

// Get returns the value of key.
func (c *Cache[K, V]) Get(key K) (V, error) {
	entries := <-c.entries
	entry, ok := entries[key]
	if !ok {
		entry = make(chan result[V], 1)
		entry <- result[V]{}
		entries[key] = entry
	}
	c.entries <- entries

	r := <-entry
	defer func() { entry <- r }()
	if r.ok {
		return r.value, nil
	}
	value, err := c.load(key)
	if err == nil {
		r = result[V]{value: value, ok: true}
	}
	return value, err
}
