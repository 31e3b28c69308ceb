// want: fail in TestCacheLoadsOnce

// Keys are kept as strings: two that print alike are one.
package lock

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"sync"
)

var (
	// ErrAmount says that an amount of money is zero or negative.
	ErrAmount = errors.New("amount must be positive")
	// ErrFunds says that an account holds less than was to be taken from it.
	ErrFunds = errors.New("insufficient funds")
)

type Account struct {
	number  int
	balance chan int // has it while nobody uses it
}

func NewAccount(number, balance int) *Account {
	a := &Account{number: number, balance: make(chan int, 1)}
	a.balance <- balance
	return a
}

func (a *Account) update(by int) error {
	balance := <-a.balance
	if balance+by < 0 {
		a.balance <- balance
		return ErrFunds
	}
	a.balance <- balance + by
	return nil
}

func (a *Account) Deposit(amount int) error {
	if amount <= 0 {
		return ErrAmount
	}
	return a.update(amount)
}

func (a *Account) Balance() int {
	balance := <-a.balance
	a.balance <- balance
	return balance
}

func (a *Account) Withdraw(amount int) error {
	if amount <= 0 {
		return ErrAmount
	}
	return a.update(-amount)
}

// take takes each account once, in order.
func take(accounts ...*Account) map[*Account]int {
	accounts = slices.Clone(accounts)
	slices.SortFunc(accounts, func(a, b *Account) int { return cmp.Compare(a.number, b.number) })
	accounts = slices.Compact(accounts)
	held := make(map[*Account]int)
	for _, a := range accounts {
		held[a] = <-a.balance
	}
	return held
}

func put(held map[*Account]int) {
	for a, balance := range held {
		a.balance <- balance
	}
}

func Transfer(from, to *Account, amount int) error {
	if amount <= 0 {
		return ErrAmount
	}
	held := take(from, to)
	defer put(held)
	if held[from] < amount {
		return ErrFunds
	}
	held[from] -= amount
	held[to] += amount
	return nil
}

func Total(accounts ...*Account) int {
	held := take(accounts...)
	defer put(held)
	total := 0
	for _, a := range accounts {
		total += held[a]
	}
	return total
}

type entry[V any] struct {
	ready chan struct{}
	ok    bool
	value V
}

type Cache[K comparable, V any] struct {
	load    func(K) (V, error)
	mu      sync.Mutex
	entries map[string]*entry[V]
}

func NewCache[K comparable, V any](load func(K) (V, error)) *Cache[K, V] {
	return &Cache[K, V]{load: load, entries: make(map[string]*entry[V])}
}

func (c *Cache[K, V]) entry(key K) (e *entry[V], mine bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.entries[fmt.Sprint(key)]
	if !ok {
		e = &entry[V]{ready: make(chan struct{})}
		c.entries[fmt.Sprint(key)] = e
	}
	return e, !ok
}

func (c *Cache[K, V]) Get(key K) (V, error) {
	for {
		e, mine := c.entry(key)
		if mine {
			return c.fill(key, e)
		}
		<-e.ready
		if e.ok {
			return e.value, nil
		}
	}
}

func (c *Cache[K, V]) fill(key K, e *entry[V]) (value V, err error) {
	defer func() {
		if !e.ok {
			c.mu.Lock()
			delete(c.entries, fmt.Sprint(key))
			c.mu.Unlock()
		}
		close(e.ready)
	}()
	value, err = c.load(key)
	if err == nil {
		e.value, e.ok = value, true
	}
	return value, err
}
