// want: fail in TestCacheSurvivesPanic

// Get panics when load does, but with a value of its own.
package lock

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
)

var (
	// ErrAmount says that an amount of money is zero or negative.
	ErrAmount = errors.New("amount must be positive")
	// ErrFunds says that an account holds less than was to be taken from it.
	ErrFunds = errors.New("insufficient funds")
)

// books is held for reading by who touches one account, for writing by who touches several.
var books sync.RWMutex

type Account struct {
	number  int
	balance atomic.Int64
}

func NewAccount(number, balance int) *Account {
	a := &Account{number: number}
	a.balance.Store(int64(balance))
	return a
}

func (a *Account) Deposit(amount int) error {
	if amount <= 0 {
		return ErrAmount
	}
	books.RLock()
	defer books.RUnlock()
	a.balance.Add(int64(amount))
	return nil
}

func (a *Account) Balance() int {
	books.RLock()
	defer books.RUnlock()
	return int(a.balance.Load())
}

// take is Withdraw for who holds the books.
func (a *Account) take(amount int) error {
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

func (a *Account) Withdraw(amount int) error {
	if amount <= 0 {
		return ErrAmount
	}
	books.RLock()
	defer books.RUnlock()
	return a.take(amount)
}

func Transfer(from, to *Account, amount int) error {
	if amount <= 0 {
		return ErrAmount
	}
	books.Lock()
	defer books.Unlock()
	if err := from.take(amount); err != nil {
		return err
	}
	to.balance.Add(int64(amount))
	return nil
}

func Total(accounts ...*Account) (total int) {
	books.Lock()
	defer books.Unlock()
	for _, a := range accounts {
		total += int(a.balance.Load())
	}
	return total
}

type Cache[K comparable, V any] struct {
	load  func(K) (V, error)
	mu    sync.Mutex
	calls map[K]*call[V]
}

type call[V any] struct {
	sync.WaitGroup
	value V
	err   error
	panic any
}

func NewCache[K comparable, V any](load func(K) (V, error)) *Cache[K, V] {
	return &Cache[K, V]{load: load, calls: map[K]*call[V]{}}
}

func (c *Cache[K, V]) Get(key K) (V, error) {
	c.mu.Lock()
	if known := c.calls[key]; known != nil {
		c.mu.Unlock()
		known.Wait()
		if known.panic != nil {
			panic(fmt.Sprint("the load of this key has panicked: ", known.panic))
		}
		return known.value, known.err
	}
	mine := new(call[V])
	mine.Add(1)
	c.calls[key] = mine
	c.mu.Unlock()

	mine.panic = "it never returned"
	defer func() {
		if value := recover(); value != nil {
			defer panic(fmt.Sprint("load: ", value))
		}
		if mine.panic != nil || mine.err != nil {
			c.mu.Lock()
			delete(c.calls, key)
			c.mu.Unlock()
		}
		mine.Done()
	}()
	mine.value, mine.err = c.load(key)
	mine.panic = nil
	return mine.value, mine.err
}
