//go:build grade

package hidden

import (
	"fmt"
	"runtime"
	"slices"
	"testing"

	lock "lockstep/chapters/05-lock"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// TestTotal checks that Total adds up the accounts, in whatever order and however often they are given.
//
//grade:todo 5.4
//grade:points 1
//grade:needs TestBalance
func TestTotal(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		a, b, c := open(1), open(20), open(300)
		const hold = "a holds 1, b 20 and c 300"
		exam.Equal(t, "Total(a, b, c)", lock.Total(a, b, c), 321, hold)
		exam.Equal(t, "Total(b)", lock.Total(b), 20, hold)
		exam.Equal(t, "Total()", lock.Total(), 0, "no accounts, no money")
		exam.Equal(t, "Total(b, b, a, b)", lock.Total(b, b, a, b), 61, hold+"; one that is given three times counts three times")
		given := []*lock.Account{c, a, b, a}
		exam.Equal(t, "Total(c, a, b, a)", lock.Total(given...), 322, hold)
		if !slices.Equal(given, []*lock.Account{c, a, b, a}) {
			t.Errorf("Total(c, a, b, a) has changed the slice it was given: it is the caller's, work on a copy")
		}
		exam.Error(t, "a.Deposit(1)", a.Deposit(1), nil, "after Total")
		exam.Equal(t, "Total(a, b, c)", lock.Total(a, b, c), 322, hold+", and then 1 more came to a")
	})
}

// TestTotalWhileMoneyMoves checks that money on its way from one account to another counts exactly once.
//
//grade:todo 5.4
//grade:points 2
//grade:needs TestTotal TestTransfer
func TestTotalWhileMoneyMoves(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		a, b := open(100), open(50)
		var total int
		exam.Together(
			func() { lock.Transfer(a, b, 30) },
			func() { lock.Transfer(b, a, 10) },
			func() { total = lock.Total(a, b) },
		)
		exam.Equal(t, "Total(a, b)", total, 150, "while Transfer(a, b, 30) and Transfer(b, a, 10) only move money about")
	})
	interleave.Explore(t, func(t *testing.T) {
		a, b, c := open(100), open(50), open(7)
		var total int
		exam.Together(
			func() { lock.Transfer(a, c, 30); lock.Transfer(c, a, 10) },
			func() { total = lock.Total(a, b, c) },
		)
		exam.Equal(t, "Total(a, b, c)", total, 157, "while Transfer(a, c, 30) and Transfer(c, a, 10) only move money about")
	})
	interleave.Explore(t, func(t *testing.T) {
		a, b := open(30), open(0)
		var inA, inB int
		exam.Together(
			func() { lock.Transfer(a, b, 30) },
			func() { inA = lock.Total(a); inB = lock.Total(b) },
		)
		exam.OneOf(t, "Total(a)", inA, []int{30, 0}, "while Transfer(a, b, 30) moves all there is")
		if inA == 0 {
			exam.Equal(t, "Total(b)", inB, 30, "while Transfer(a, b, 30) moves all there is, and Total(a) was already 0")
		}
	})
	// The balances may be the same each time that somebody looks, and never at the same moment.
	interleave.Explore(t, func(t *testing.T) {
		a, b := open(100), open(50)
		var total int
		exam.Together(
			func() {
				for _, amount := range []int{30, -30, 30} {
					if amount > 0 {
						lock.Transfer(a, b, amount)
					} else {
						lock.Transfer(b, a, -amount)
					}
					runtime.Gosched()
				}
			},
			func() { total = lock.Total(a, b) },
		)
		exam.Equal(t, "Total(a, b)", total, 150, "while 30 go from a to b, back and again")
	}, interleave.Preemptions(3))
	// Whoever looks again and again does so until he has seen one moment, and not so many times.
	interleave.Explore(t, func(t *testing.T) {
		a, b := open(100), open(50)
		var total int
		exam.Together(
			func() {
				for range 60 {
					lock.Transfer(a, b, 30)
					lock.Transfer(b, a, 30)
				}
			},
			func() { total = lock.Total(a, b) },
		)
		exam.Equal(t, "Total(a, b)", total, 150, "while 30 go from a to b and back, 60 times")
	}, interleave.Budget(20), interleave.Schedules(40))
	interleave.Explore(t, func(t *testing.T) {
		const many = 1100 // more than anybody has room for in a fixed set
		var all []*lock.Account
		for number := range many {
			all = append(all, lock.NewAccount(number, 100))
		}
		var total int
		exam.Together(
			func() { lock.Transfer(all[many-2], all[many-1], 30) },
			func() { total = lock.Total(all...) },
		)
		exam.Equal(t, "Total(...)", total, many*100, "of 1100 accounts, while Transfer(a, b, 30) moves money between the last two")
	}, interleave.Budget(10), interleave.Schedules(10))
}

// TestTotalIsOneMoment checks that Total is the sum of one moment, not of one moment for each account.
//
//grade:todo 5.4
//grade:points 1
//grade:needs TestTotal TestTransfer
func TestTotalIsOneMoment(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		a, b := open(0), open(0)
		var total int
		exam.Together(
			func() { a.Deposit(1); b.Deposit(10); a.Deposit(100) },
			func() { total = lock.Total(a, b) },
		)
		exam.OneOf(t, "Total(a, b)", total, []int{0, 1, 11, 111}, "while a.Deposit(1), then b.Deposit(10), then a.Deposit(100)")
		exam.Equal(t, "Total(a, b)", lock.Total(a, b), 111, "after all of the deposits")
	})
	interleave.Explore(t, func(t *testing.T) {
		a, b := open(100), open(100)
		var both, one int
		exam.Together(
			func() { a.Withdraw(1); b.Withdraw(10) },
			func() { both = lock.Total(a, b); one = lock.Total(b) },
		)
		exam.OneOf(t, "Total(a, b)", both, []int{200, 199, 189}, "while a.Withdraw(1), then b.Withdraw(10), from 100 each")
		exam.OneOf(t, "Total(b)", one, []int{100, 90}, "while b.Withdraw(10), from 100")
	})
	interleave.Explore(t, func(t *testing.T) {
		a, b, c := open(0), open(0), open(100)
		var total int
		exam.Together(
			func() { lock.Transfer(c, a, 1); lock.Transfer(c, b, 10) },
			func() { total = lock.Total(a, b) },
		)
		exam.OneOf(t, "Total(a, b)", total, []int{0, 1, 11}, "while Transfer(c, a, 1), then Transfer(c, b, 10), on 0 each")
	})
	interleave.Explore(t, func(t *testing.T) {
		a, b, c := open(100), open(100), open(0)
		var total int
		exam.Together(
			func() { lock.Transfer(a, c, 1); lock.Transfer(b, c, 10) },
			func() { total = lock.Total(a, b) },
		)
		exam.OneOf(t, "Total(a, b)", total, []int{200, 199, 189}, "while Transfer(a, c, 1), then Transfer(b, c, 10), from 100 each")
	})
	interleave.Explore(t, func(t *testing.T) {
		a := open(0)
		var total int
		exam.Together(
			func() { a.Deposit(1) },
			func() { total = lock.Total(a, a) },
		)
		exam.OneOf(t, "Total(a, a)", total, []int{0, 2}, "while a.Deposit(1), on 0")
	})
}

// TestTotalNeverDeadlocks checks that totals and transfers always finish, in whatever order the accounts are given.
//
//grade:todo 5.4
//grade:points 1
//grade:needs TestTotal TestTransfer
func TestTotalNeverDeadlocks(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		a, b, c := open(100), open(100), open(100)
		exam.Together(
			func() { lock.Total(a, b, c) },
			func() { lock.Total(c, b, a) },
			func() { lock.Transfer(c, a, 10); lock.Transfer(b, c, 20) },
		)
		exam.Equal(t, "Total(b, c, a)", lock.Total(b, c, a), 300, "after totals and transfers of three accounts with 100 each")
	})
	interleave.Explore(t, func(t *testing.T) {
		a, b := open(100), open(100)
		var total int
		exam.Together(
			func() { total = lock.Total(a, b, a) },
			func() { lock.Transfer(a, b, 5); lock.Transfer(b, a, 10) },
		)
		exam.OneOf(t, "Total(a, b, a)", total, []int{300, 295, 305}, "while Transfer(a, b, 5) and then Transfer(b, a, 10), with 100 each")
	})
	for _, c := range crossings() {
		interleave.Explore(t, func(t *testing.T) {
			one, other := c.open()
			var ours, others int
			exam.Together(
				func() { ours = lock.Total(one[:]...); lock.Transfer(one[0], one[1], 10) },
				func() { others = lock.Total(other[:]...) },
			)
			when := fmt.Sprintf("while money only moves; %v", c)
			exam.Equal(t, "Total(a, b)", ours, 200, when)
			exam.Equal(t, "Total(c, d)", others, 200, when)
		}, interleave.Schedules(20))
	}
}

// TestBankAtFullSpeed checks that no cent is lost when many goroutines use all cores.
//
//grade:todo 5.4
//grade:points 1
//grade:needs TestDepositsAreNotLost TestBalanceReads TestWithdrawNeverOverdraws
//grade:needs TestTransferToItself TestTransferIsOneStep TestTransferNeverOverdraws TestTransferLosesNothing TestTransferNeverDeadlocks
//grade:needs TestTotalWhileMoneyMoves TestTotalIsOneMoment TestTotalNeverDeadlocks
func TestBankAtFullSpeed(t *testing.T) {
	const accounts, goroutines, rounds, opening = 5, 8, 100, 100
	var bank []*lock.Account
	for range accounts {
		bank = append(bank, open(opening))
	}
	var workers []func()
	for g := range goroutines {
		workers = append(workers, func() {
			for i := range rounds {
				from, to := bank[(g+i)%accounts], bank[(g*i+i)%accounts]
				lock.Transfer(from, to, 1+i%70)
				if from.Withdraw(3) == nil {
					to.Deposit(3)
				}
				if i%10 == g && lock.Total(bank...) > accounts*opening {
					t.Errorf("Total(...) = more than %d: money was made while it only moves", accounts*opening)
				}
			}
		})
	}
	exam.Within(t, "8 goroutines that move money between 5 accounts", func() { exam.Together(workers...) })
	exam.Equal(t, "Total(...)", lock.Total(bank...), accounts*opening, "after 8 goroutines have moved money between 5 accounts")
	for i, a := range bank {
		if balance := a.Balance(); balance < 0 {
			t.Errorf("Balance() = %d, want 0 or more: account %d after 8 goroutines have moved money", balance, i)
		}
	}
}
