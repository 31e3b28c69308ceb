// want: fail in TestCacheLoadsOnce

// A value that is zero is taken for none, and loaded again.
package lock

import (
	"errors"
	"sync"
)

var (
	// ErrAmount says that an amount of money is zero or negative.
	ErrAmount = errors.New("amount must be positive")
	// ErrFunds says that an account holds less than was to be taken from it.
	ErrFunds = errors.New("insufficient funds")
)

// A set of things, some of which are in use.
type set[T comparable] struct {
	mu   sync.Mutex
	less *sync.Cond
	used map[T]bool
}

func newSet[T comparable]() *set[T] {
	s := &set[T]{used: make(map[T]bool)}
	s.less = sync.NewCond(&s.mu)
	return s
}

func (s *set[T]) with(things []T, f func()) {
	s.mu.Lock()
	for s.any(things) {
		s.less.Wait()
	}
	for _, t := range things {
		s.used[t] = true
	}
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, t := range things {
			delete(s.used, t)
		}
		s.less.Broadcast()
	}()
	f()
}

func (s *set[T]) any(things []T) bool {
	for _, t := range things {
		if s.used[t] {
			return true
		}
	}
	return false
}

var accounts = newSet[*Account]()

type Account struct {
	number  int
	balance int
}

func NewAccount(number, balance int) *Account { return &Account{number: number, balance: balance} }

func (a *Account) move(by int) (err error) {
	accounts.with([]*Account{a}, func() {
		if by < 0 && a.balance < -by {
			err = ErrFunds
			return
		}
		a.balance += by
	})
	return err
}

func (a *Account) Deposit(amount int) error {
	if amount <= 0 {
		return ErrAmount
	}
	return a.move(amount)
}

func (a *Account) Withdraw(amount int) error {
	if amount <= 0 {
		return ErrAmount
	}
	return a.move(-amount)
}

func (a *Account) Balance() int { return Total(a) }

func Transfer(from, to *Account, amount int) (err error) {
	if amount <= 0 {
		return ErrAmount
	}
	accounts.with([]*Account{from, to}, func() {
		if from.balance < amount {
			err = ErrFunds
			return
		}
		from.balance -= amount
		to.balance += amount
	})
	return err
}

func Total(of ...*Account) (total int) {
	accounts.with(of, func() {
		for _, a := range of {
			total += a.balance
		}
	})
	return total
}

type Cache[K comparable, V any] struct {
	load    func(K) (V, error)
	loading *set[K]
	mu      sync.RWMutex
	kept    map[K]V
}

func NewCache[K comparable, V any](load func(K) (V, error)) *Cache[K, V] {
	return &Cache[K, V]{load: load, loading: newSet[K](), kept: make(map[K]V)}
}

func (c *Cache[K, V]) look(key K) (V, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	value := c.kept[key]
	var none V
	return value, any(value) != any(none)
}

func (c *Cache[K, V]) Get(key K) (value V, err error) {
	value, ok := c.look(key)
	if ok {
		return value, nil
	}
	c.loading.with([]K{key}, func() {
		if value, ok = c.look(key); ok {
			return
		}
		if value, err = c.load(key); err == nil {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.kept[key] = value
		}
	})
	return value, err
}
