// No lock in the bank: the balances are a map that nobody changes, and every change is a new
// map.
package lock

import (
	"errors"
	"maps"
	"sync"
	"sync/atomic"
)

var (
	// ErrAmount says that an amount of money is zero or negative.
	ErrAmount = errors.New("amount must be positive")
	// ErrFunds says that an account holds less than was to be taken from it.
	ErrFunds = errors.New("insufficient funds")
)

// An Account holds money, in cents: that is, the snapshot of the bank does.
type Account struct {
	number, opening int
}

// bank is the present snapshot. An account that is not in it holds its opening balance.
var bank atomic.Pointer[map[*Account]int]

func init() { bank.Store(&map[*Account]int{}) }

func (a *Account) in(snapshot map[*Account]int) int {
	if balance, ok := snapshot[a]; ok {
		return balance
	}
	return a.opening
}

// change replaces the snapshot by a copy that edit has changed, unless edit fails. Edit
// may run more than once.
func change(edit func(snapshot map[*Account]int) error) error {
	for {
		old := bank.Load()
		next := maps.Clone(*old)
		if err := edit(next); err != nil {
			return err
		}
		if bank.CompareAndSwap(old, &next) {
			return nil
		}
	}
}

// NewAccount returns an account that holds balance.
func NewAccount(number, balance int) *Account {
	return &Account{number: number, opening: balance}
}

// Deposit adds amount to the account.
func (a *Account) Deposit(amount int) error {
	if amount <= 0 {
		return ErrAmount
	}
	return change(func(snapshot map[*Account]int) error {
		snapshot[a] = a.in(snapshot) + amount
		return nil
	})
}

// Balance returns what the account holds.
func (a *Account) Balance() int {
	return a.in(*bank.Load())
}

// Withdraw takes amount out of the account, if it holds that much.
func (a *Account) Withdraw(amount int) error {
	if amount <= 0 {
		return ErrAmount
	}
	return change(func(snapshot map[*Account]int) error {
		balance := a.in(snapshot)
		if balance < amount {
			return ErrFunds
		}
		snapshot[a] = balance - amount
		return nil
	})
}

// Transfer moves amount from one account to another.
func Transfer(from, to *Account, amount int) error {
	if amount <= 0 {
		return ErrAmount
	}
	return change(func(snapshot map[*Account]int) error {
		balance := from.in(snapshot)
		if balance < amount {
			return ErrFunds
		}
		snapshot[from] = balance - amount
		snapshot[to] = to.in(snapshot) + amount
		return nil
	})
}

// Total returns the sum of the balances.
func Total(accounts ...*Account) int {
	snapshot := *bank.Load()
	total := 0
	for _, a := range accounts {
		total += a.in(snapshot)
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

// Get returns the value of key.
func (c *Cache[K, V]) Get(key K) (V, error) {
	for {
		e, mine := c.entry(key)
		if mine {
			return c.fill(key, e)
		}
		<-e.done
		if e.err == nil {
			return e.value, nil
		}
		// It failed for somebody else; that need not be so for us.
	}
}

// entry returns the entry of key, and whether it is the caller's to fill.
func (c *Cache[K, V]) entry(key K) (e *entry[V], mine bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.entries[key]; ok {
		return e, false
	}
	e = &entry[V]{done: make(chan struct{}), err: errors.New("load panicked")}
	c.entries[key] = e
	return e, true
}

func (c *Cache[K, V]) fill(key K, e *entry[V]) (V, error) {
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
