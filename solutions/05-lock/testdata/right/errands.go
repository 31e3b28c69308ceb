// Whoever finds nobody at the counter of the bank serves all who come while he is there. Total
// and Transfer take the locks by recursion; loads have goroutines of their own.
package lock

import (
	"errors"
	"sync"
)

var (
	ErrAmount = errors.New("amount must be positive")
	ErrFunds  = errors.New("insufficient funds")
)

var counter struct {
	mu      sync.Mutex
	staffed bool
	queue   []func()
}

// do does f at the counter, alone, and returns when it has been done.
func do(f func()) {
	done := make(chan struct{})
	counter.mu.Lock()
	counter.queue = append(counter.queue, func() { f(); close(done) })
	serve := !counter.staffed
	counter.staffed = true
	counter.mu.Unlock()
	if serve {
		for next := take(); next != nil; next = take() {
			next()
		}
	}
	<-done
}

func take() func() {
	counter.mu.Lock()
	defer counter.mu.Unlock()
	if len(counter.queue) == 0 {
		counter.staffed = false
		return nil
	}
	next := counter.queue[0]
	counter.queue = counter.queue[1:]
	return next
}

type Account struct{ balance int }

func NewAccount(number, balance int) *Account { return &Account{balance} }

func (a *Account) Deposit(amount int) (err error) {
	do(func() {
		if amount <= 0 {
			err = ErrAmount
		} else {
			a.balance += amount
		}
	})
	return err
}

func (a *Account) Balance() (balance int) {
	do(func() { balance = a.balance })
	return balance
}

func (a *Account) Withdraw(amount int) (err error) {
	return Transfer(a, NewAccount(0, 0), amount)
}

func Transfer(from, to *Account, amount int) (err error) {
	do(func() {
		switch {
		case amount <= 0:
			err = ErrAmount
		case from.balance < amount:
			err = ErrFunds
		default:
			from.balance -= amount
			to.balance += amount
		}
	})
	return err
}

func Total(accounts ...*Account) (total int) {
	do(func() {
		for _, a := range accounts {
			total += a.balance
		}
	})
	return total
}

type Cache[K comparable, V any] struct {
	load func(K) (V, error)
	keys sync.Map // of K to *result[V]
}

type result[V any] struct {
	done     chan struct{}
	value    V
	err      error
	panicked any
}

func NewCache[K comparable, V any](load func(K) (V, error)) *Cache[K, V] {
	return &Cache[K, V]{load: load}
}

func (c *Cache[K, V]) Get(key K) (V, error) {
	mine := &result[V]{done: make(chan struct{})}
	there, others := c.keys.LoadOrStore(key, mine)
	r := there.(*result[V])
	if !others {
		go func() {
			defer close(r.done)
			defer func() {
				if r.panicked = recover(); r.panicked != nil || r.err != nil {
					c.keys.CompareAndDelete(key, r)
				}
			}()
			r.value, r.err = c.load(key)
		}()
	}
	<-r.done
	if r.panicked != nil {
		panic(r.panicked)
	}
	return r.value, r.err
}
