// Balances are atomic, and a read-write lock keeps whoever uses one account out while
// somebody uses several.
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

// bank is held for reading by whoever uses one account, for writing by whoever uses several.
var bank sync.RWMutex

// An Account holds money, in cents.
type Account struct {
	number  int
	balance atomic.Int64
}

// NewAccount returns an account that holds balance.
func NewAccount(number, balance int) *Account {
	a := &Account{number: number}
	a.balance.Store(int64(balance))
	return a
}

// Deposit adds amount to the account.
func (a *Account) Deposit(amount int) error {
	if amount <= 0 {
		return ErrAmount
	}
	bank.RLock()
	defer bank.RUnlock()
	a.balance.Add(int64(amount))
	return nil
}

// Balance returns what the account holds.
func (a *Account) Balance() int {
	bank.RLock()
	defer bank.RUnlock()
	return int(a.balance.Load())
}

// Withdraw takes amount out of the account, if it holds that much.
func (a *Account) Withdraw(amount int) error {
	if amount <= 0 {
		return ErrAmount
	}
	bank.RLock()
	defer bank.RUnlock()
	for {
		balance := a.balance.Load()
		if balance < int64(amount) {
			return ErrFunds
		}
		if a.balance.CompareAndSwap(balance, balance-int64(amount)) {
			return nil
		}
	}
}

// Transfer moves amount from one account to another.
func Transfer(from, to *Account, amount int) error {
	if amount <= 0 {
		return ErrAmount
	}
	bank.Lock()
	defer bank.Unlock()
	if from.balance.Load() < int64(amount) {
		return ErrFunds
	}
	from.balance.Add(-int64(amount))
	to.balance.Add(int64(amount))
	return nil
}

// Total returns the sum of the balances.
func Total(accounts ...*Account) int {
	bank.Lock()
	defer bank.Unlock()
	total := int64(0)
	for _, a := range accounts {
		total += a.balance.Load()
	}
	return int(total)
}

// A Cache keeps what a slow function returned for a key.
type Cache[K comparable, V any] struct {
	load    func(K) (V, error)
	mu      sync.Mutex
	changed *sync.Cond // a load is over
	values  map[K]V
	loading map[K]bool
}

// NewCache returns an empty cache that gets its values from load.
func NewCache[K comparable, V any](load func(K) (V, error)) *Cache[K, V] {
	c := &Cache[K, V]{load: load, values: make(map[K]V), loading: make(map[K]bool)}
	c.changed = sync.NewCond(&c.mu)
	return c
}

// Get returns the value of key.
func (c *Cache[K, V]) Get(key K) (V, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.loading[key] {
		c.changed.Wait()
	}
	if value, ok := c.values[key]; ok {
		return value, nil
	}
	value, err := c.loadUnlocked(key)
	if err == nil {
		c.values[key] = value
	}
	return value, err
}

// loadUnlocked lets go of the lock while load runs, and takes it again even if load panics.
func (c *Cache[K, V]) loadUnlocked(key K) (V, error) {
	c.loading[key] = true
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		delete(c.loading, key)
		c.changed.Broadcast()
	}()
	return c.load(key)
}
