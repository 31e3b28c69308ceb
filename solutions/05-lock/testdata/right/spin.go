// One word for the whole bank says whether somebody is inside; the cache is a list to which
// loads are only added.
package lock

import (
	"errors"
	"runtime"
	"sync/atomic"
)

var (
	ErrAmount = errors.New("amount must be positive")
	ErrFunds  = errors.New("insufficient funds")
)

var inside atomic.Bool

func enter() {
	for !inside.CompareAndSwap(false, true) {
		runtime.Gosched()
	}
}

func leave() { inside.Store(false) }

type Account struct{ balance int }

func NewAccount(number, balance int) *Account { return &Account{balance} }

func (a *Account) Deposit(amount int) error {
	if amount <= 0 {
		return ErrAmount
	}
	enter()
	defer leave()
	a.balance += amount
	return nil
}

func (a *Account) Balance() int { return Total(a) }

func (a *Account) Withdraw(amount int) error { return Transfer(a, &Account{}, amount) }

func Transfer(from, to *Account, amount int) error {
	if amount <= 0 {
		return ErrAmount
	}
	enter()
	defer leave()
	if from.balance < amount {
		return ErrFunds
	}
	from.balance -= amount
	to.balance += amount
	return nil
}

func Total(accounts ...*Account) (total int) {
	enter()
	defer leave()
	for _, a := range accounts {
		total += a.balance
	}
	return total
}

type Cache[K comparable, V any] struct {
	load func(K) (V, error)
	head atomic.Pointer[node[K, V]]
}

const (
	running = iota
	loaded
	failed
)

type node[K comparable, V any] struct {
	key   K
	state atomic.Int32
	value V
	next  *node[K, V]
}

func NewCache[K comparable, V any](load func(K) (V, error)) *Cache[K, V] {
	return &Cache[K, V]{load: load}
}

func (c *Cache[K, V]) Get(key K) (V, error) {
	for {
		head := c.head.Load()
		n := head
		for n != nil && (n.key != key || n.state.Load() == failed) {
			n = n.next
		}
		if n == nil {
			n = &node[K, V]{key: key, next: head}
			if !c.head.CompareAndSwap(head, n) {
				continue
			}
			return c.fill(n)
		}
		for n.state.Load() == running {
			runtime.Gosched()
		}
		if n.state.Load() == loaded {
			return n.value, nil
		}
	}
}

func (c *Cache[K, V]) fill(n *node[K, V]) (V, error) {
	defer n.state.CompareAndSwap(running, failed)
	value, err := c.load(n.key)
	if err == nil {
		n.value = value
		n.state.Store(loaded)
	}
	return value, err
}
