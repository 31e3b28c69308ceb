// A queue of channels, each of which is closed by the one before; the cache is a sync.Map of OnceValues.
package lock

import (
	"errors"
	"sync"
	"sync/atomic"
)

var (
	ErrAmount = errors.New("amount must be positive")
	ErrFunds  = errors.New("insufficient funds")
)

var tail atomic.Pointer[chan struct{}]

// alone runs f when all who came before have run theirs.
func alone(f func()) {
	mine := make(chan struct{})
	defer close(mine)
	if before := tail.Swap(&mine); before != nil {
		<-*before
	}
	f()
}

type Account struct{ balance int }

func NewAccount(number, balance int) *Account { return &Account{balance: balance} }

func (a *Account) Deposit(amount int) error {
	if amount < 1 {
		return ErrAmount
	}
	alone(func() { a.balance += amount })
	return nil
}

func (a *Account) Balance() int { return Total(a) }

func (a *Account) Withdraw(amount int) error { return Transfer(a, new(Account), amount) }

func Transfer(from, to *Account, amount int) (err error) {
	if amount < 1 {
		return ErrAmount
	}
	alone(func() {
		if from.balance < amount {
			err = ErrFunds
			return
		}
		from.balance -= amount
		to.balance += amount
	})
	return err
}

func Total(accounts ...*Account) (sum int) {
	alone(func() {
		for _, a := range accounts {
			sum += a.balance
		}
	})
	return sum
}

type Cache[K comparable, V any] struct {
	load func(K) (V, error)
	m    sync.Map
}

type once[V any] struct{ get func() (V, error) }

func NewCache[K comparable, V any](load func(K) (V, error)) *Cache[K, V] {
	return &Cache[K, V]{load: load}
}

func (c *Cache[K, V]) Get(key K) (value V, err error) {
	found, _ := c.m.LoadOrStore(key, &once[V]{sync.OnceValues(func() (V, error) { return c.load(key) })})
	ok := false
	defer func() {
		if !ok {
			c.m.CompareAndDelete(key, found)
		}
	}()
	value, err = found.(*once[V]).get()
	ok = err == nil
	return value, err
}
