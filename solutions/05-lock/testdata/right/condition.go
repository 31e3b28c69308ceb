// One condition variable for the bank, and one for each cache: whoever needs several accounts
// waits until all of them are free, and takes them all at once.
package lock

import (
	"errors"
	"sync"
)

var (
	ErrAmount = errors.New("amount must be positive")
	ErrFunds  = errors.New("insufficient funds")
)

var (
	mu   sync.Mutex
	free = sync.NewCond(&mu)
)

type Account struct {
	taken   bool
	balance int
}

func NewAccount(number, balance int) *Account { return &Account{balance: balance} }

func with(f func(), accounts ...*Account) {
	mu.Lock()
	for busy(accounts) {
		free.Wait()
	}
	for _, a := range accounts {
		a.taken = true
	}
	mu.Unlock()
	defer func() {
		mu.Lock()
		for _, a := range accounts {
			a.taken = false
		}
		mu.Unlock()
		free.Broadcast()
	}()
	f()
}

func busy(accounts []*Account) bool {
	for _, a := range accounts {
		if a.taken {
			return true
		}
	}
	return false
}

func (a *Account) Deposit(amount int) (err error) {
	with(func() {
		if amount <= 0 {
			err = ErrAmount
			return
		}
		a.balance += amount
	}, a)
	return err
}

func (a *Account) Balance() (balance int) {
	with(func() { balance = a.balance }, a)
	return balance
}

func (a *Account) Withdraw(amount int) (err error) {
	with(func() { err = a.take(amount) }, a)
	return err
}

func (a *Account) take(amount int) error {
	switch {
	case amount <= 0:
		return ErrAmount
	case a.balance < amount:
		return ErrFunds
	}
	a.balance -= amount
	return nil
}

func Transfer(from, to *Account, amount int) (err error) {
	with(func() {
		if err = from.take(amount); err == nil {
			to.balance += amount
		}
	}, from, to)
	return err
}

func Total(accounts ...*Account) (total int) {
	with(func() {
		for _, a := range accounts {
			total += a.balance
		}
	}, accounts...)
	return total
}

type Cache[K comparable, V any] struct {
	load    func(K) (V, error)
	mu      sync.Mutex
	changed *sync.Cond
	loading map[K]bool
	values  map[K]V
}

func NewCache[K comparable, V any](load func(K) (V, error)) *Cache[K, V] {
	c := &Cache[K, V]{load: load, loading: map[K]bool{}, values: map[K]V{}}
	c.changed = sync.NewCond(&c.mu)
	return c
}

func (c *Cache[K, V]) Get(key K) (V, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.loading[key] {
		c.changed.Wait()
	}
	if value, ok := c.values[key]; ok {
		return value, nil
	}
	c.loading[key] = true
	value, err := c.unlocked(key)
	if err == nil {
		c.values[key] = value
	}
	return value, err
}

func (c *Cache[K, V]) unlocked(key K) (V, error) {
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		delete(c.loading, key)
		c.changed.Broadcast()
	}()
	return c.load(key)
}
