// want: timeout in TestCacheLoadMayUseTheCache

// Not more than 512 loads run at the same time, and one that needs another keeps its place.
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
//
// The lock lives beside what it guards, one for each account. A lock made inside a method
// would be a new one for every call, and a value receiver would lock a copy.
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
//
// Without the lock the number would mostly look right. It would still be a data race:
// nothing orders the read after the write, so compiler and processor owe you no value in
// particular.
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
//
// A transfer to the same account needs no case of its own: hold locks an account once
// however often it is named, and what take removes the last line puts back.
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
//
// Locking one account after the other, and letting go in between, would miss the money
// that moves from an account not yet counted to one that was, or count it twice.
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
//
// The order is the whole trick. Whoever waits for an account holds only lower numbers, so
// following who waits for whom the numbers rise, and can never come back to where they
// began. Any order will do, as long as everybody keeps to the same one.
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
	load  func(K) (V, error)
	slots chan struct{}

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
	return &Cache[K, V]{load: load, slots: make(chan struct{}, 512), entries: make(map[K]*entry[V])}
}

// Get returns the value of key, and calls load for it if there is none yet.
//
// Two locks, and here too an order: the cache's is let go before the entry's is taken.
// Holding it a moment longer would be enough to stop everybody, because the one who
// waits for a slow key would make all others wait for the cache.
//
// The deferred Unlock is what makes a panic in load harmless: the entry is left open and
// not loaded, as if load had returned an error.
func (c *Cache[K, V]) Get(key K) (V, error) {
	e := c.entry(key)
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.loaded {
		return e.value, nil
	}
	c.slots <- struct{}{}
	defer func() { <-c.slots }()
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
