// Package lock is chapter 5: a bank whose accounts many goroutines use at once, and a
// cache that loads each key once. In Python you would reach for threading.Lock; in Go
// for sync.Mutex, or whatever else keeps the promises below.
//
// Everything here may be called by any number of goroutines at the same time. Nothing
// here has a Close, so nothing may leave a goroutine running behind it.
package lock

import "errors"

var (
	// ErrAmount says that an amount of money is zero or negative.
	ErrAmount = errors.New("amount must be positive")
	// ErrFunds says that an account holds less than was to be taken from it.
	ErrFunds = errors.New("insufficient funds")
)

// An Account holds money, in cents. Make one with NewAccount; do not copy it.
type Account struct {
	number  int
	balance int
	// TODO(5.1): balance is shared. What guards it?
}

// NewAccount returns an account that holds balance. Its number is not negative, and its
// own: no two accounts have the same one.
func NewAccount(number, balance int) *Account {
	return &Account{number: number, balance: balance}
}

// Deposit adds amount to the account. If amount is zero or negative it changes nothing
// and returns ErrAmount.
func (a *Account) Deposit(amount int) error {
	// TODO(5.1): add amount, and lose no deposit however many come at once.
	return nil
}

// Balance returns what the account holds at some moment between the call and the
// return. It is never negative.
func (a *Account) Balance() int {
	// TODO(5.1): reading is using: do it as carefully as writing.
	return 0
}

// Withdraw takes amount out of the account, if it holds that much: all of it or nothing.
// If it holds less, Withdraw changes nothing and returns ErrFunds; it does so only then.
// If amount is zero or negative it changes nothing and returns ErrAmount.
func (a *Account) Withdraw(amount int) error {
	// TODO(5.2): look and take in one step, so that nobody comes in between.
	return nil
}

// Transfer moves amount from one account to another, in one step: whoever has seen one
// of the two balances change finds the other changed too. If from holds less, nothing
// changes and Transfer returns ErrFunds; if amount is zero or negative, ErrAmount.
//
// Transfers in opposite directions, or round in a circle, never wait for each other for
// ever. From and to may be the same account: the errors are the same, and the balance
// stays as it is.
func Transfer(from, to *Account, amount int) error {
	// TODO(5.3): two accounts, two locks. Which one first?
	return nil
}

// Total returns the sum of the balances as they were all together at one moment between
// the call and the return. Money that is being transferred counts once: not twice, not
// never.
//
// The accounts come in any order. One that is given twice counts twice; none at all make
// 0. The caller's slice stays as it is.
func Total(accounts ...*Account) int {
	// TODO(5.4): hold all of them still, then count.
	return 0
}

// A Cache keeps what a slow function returned for a key. Python's functools.cache does
// that too, but lets two threads load the same key.
type Cache[K comparable, V any] struct {
	load func(K) (V, error)
	// TODO(5.5): what has been loaded, what is being loaded, and what guards both?
}

// NewCache returns an empty cache that gets its values from load.
func NewCache[K comparable, V any](load func(K) (V, error)) *Cache[K, V] {
	return &Cache[K, V]{load: load}
}

// Get returns the value of key, and calls load for it if there is none yet.
//
//   - One load per key. While load runs for a key, other Gets of that key wait for it.
//     When it has succeeded its value is kept, and load is not called for the key again.
//   - Nobody else waits. No Get ever waits for the load of another key: different keys
//     load side by side, a key that is kept is served meanwhile, and load itself may call
//     Get for another key.
//   - Errors are returned and not kept: the next Get loads again. A Get that was waiting
//     for the load that failed returns the error too, or loads again, as you like.
//   - A panic in load goes through the Get that called it, and is a failed load to the
//     others: nothing is kept, and a Get that was waiting panics too, returns an error or
//     loads again. It never hangs, and never returns a nil error for nothing.
func (c *Cache[K, V]) Get(key K) (V, error) {
	// TODO(5.5): one load per key, and no lock held that another key needs.
	var none V
	return none, nil
}
