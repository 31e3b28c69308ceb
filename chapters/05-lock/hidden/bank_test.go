//go:build grade

package hidden

import (
	"errors"
	"fmt"
	"math"
	"testing"

	lock "lockstep/chapters/05-lock"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

func TestMain(m *testing.M) { exam.Main(m, lock.ErrAmount, lock.ErrFunds) }

// numbers is the number of the last account. An exploration runs a test's body many
// times, and each time its accounts are new ones.
var numbers int

// open returns a new account with a number of its own, higher than all before it. Only
// the test's first goroutine may call it.
func open(balance int) *lock.Account {
	numbers++
	return lock.NewAccount(numbers, balance)
}

// A crossing is two pairs of accounts, given by their numbers, which two goroutines use at the
// same time.
type crossing struct{ one, other [2]int }

func (c crossing) String() string {
	return fmt.Sprintf("accounts a and b have the numbers %d and %d, c and d %d and %d, and all of them 100", c.one[0], c.one[1], c.other[0], c.other[1])
}

// crossings are for answers that make less of a number than there is in it: the same pair in
// both orders, the numbers the same in 8, 16 or 32 bits or as far apart as can be; and pairs
// whose locks cross if accounts share so many of them, or a divisor of that.
func crossings() []crossing {
	var all []crossing
	for _, n := range []int{1 + 1<<8, 1 + 1<<16, 1 + 1<<32, math.MaxInt} {
		all = append(all, crossing{[2]int{1, n}, [2]int{n, 1}})
	}
	for _, locks := range []int{
		1000,
		219060189739591200 * 32, // a multiple of 1 to 41, 1024 and many more
		43 * 47 * 53 * 59 * 61 * 67 * 71 * 73 * 79,
		83 * 89 * 97 * 101 * 103 * 107 * 109 * 113 * 127,
	} {
		all = append(all, crossing{[2]int{1, locks + 2}, [2]int{2, locks + 1}})
	}
	return all
}

// open returns new accounts with the numbers of the pairs. Equal numbers are one account.
func (c crossing) open() (one, other [2]*lock.Account) {
	for i := range 2 {
		one[i], other[i] = lock.NewAccount(c.one[i], 100), lock.NewAccount(c.other[i], 100)
	}
	if c.samePair() {
		other = [2]*lock.Account{one[1], one[0]}
	}
	return one, other
}

func (c crossing) samePair() bool { return c.one[0] == c.other[1] }

// TestBalance checks that Balance reports the opening balance and every deposit.
//
//grade:todo 5.1
//grade:points 1
func TestBalance(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		a, b := open(100), open(7)
		exam.Equal(t, "Balance()", a.Balance(), 100, "of a new account that was opened with 100")
		exam.Error(t, "Deposit(50)", a.Deposit(50), nil, "of a positive amount")
		exam.Equal(t, "Balance()", a.Balance(), 150, "after Deposit(50) on 100")
		exam.Error(t, "Deposit(1)", a.Deposit(1), nil, "the smallest amount there is")
		exam.Equal(t, "Balance()", a.Balance(), 151, "after Deposit(50) and Deposit(1) on 100")
		exam.Equal(t, "Balance()", b.Balance(), 7, "of another account, which had no deposit")

		rich := open(5_000_000_000)
		exam.Error(t, "Deposit(6000000000)", rich.Deposit(6_000_000_000), nil, "of a positive amount")
		exam.Equal(t, "Balance()", rich.Balance(), 11_000_000_000, "after Deposit(6000000000) on 5000000000")
	})
}

// TestDepositRefusesBadAmounts checks that Deposit refuses amounts that are not positive.
//
//grade:todo 5.1
//grade:points 1
func TestDepositRefusesBadAmounts(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		a := open(100)
		for _, amount := range []int{0, -1, -100} {
			call := fmt.Sprintf("Deposit(%d)", amount)
			exam.Error(t, call, a.Deposit(amount), lock.ErrAmount, "the amount is not positive")
			exam.Equal(t, "Balance()", a.Balance(), 100, "after a refused "+call+" on 100")
		}
		exam.Error(t, "Deposit(1)", a.Deposit(1), nil, "a good amount after bad ones")
		exam.Equal(t, "Balance()", a.Balance(), 101, "after Deposit(1) on 100")
	})
}

// TestDepositsAreNotLost checks that deposits made at the same time all count.
//
//grade:todo 5.1
//grade:points 1
//grade:needs TestBalance
func TestDepositsAreNotLost(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		a := open(0)
		exam.Together(
			func() { a.Deposit(1); a.Deposit(2) },
			func() { a.Deposit(10) },
			func() { a.Deposit(100) },
		)
		exam.Equal(t, "Balance()", a.Balance(), 113, "after deposits of 1, 2, 10 and 100 at the same time")
	})
	interleave.Explore(t, func(t *testing.T) {
		var balances [2]int
		open := func(i int) func() {
			return func() {
				a := lock.NewAccount(i, 100)
				a.Deposit(10)
				balances[i] = a.Balance()
			}
		}
		exam.Together(open(0), open(1))
		exam.Equal(t, "Balance() of each", balances, [2]int{110, 110}, "two goroutines open an account each, with 100, at the same time, and deposit 10")
	})
}

// TestBalanceReads checks that Balance may be asked while a deposit is being made.
//
//grade:todo 5.1
//grade:points 1
//grade:needs TestBalance
func TestBalanceReads(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		a := open(100)
		var first, second int
		exam.Together(
			func() { a.Deposit(10); a.Deposit(20) },
			func() { first = a.Balance(); second = a.Balance() },
		)
		exam.OneOf(t, "Balance()", first, []int{100, 110, 130}, "while 10 and then 20 are deposited on 100")
		exam.OneOf(t, "Balance()", second, []int{100, 110, 130}, "while 10 and then 20 are deposited on 100")
		if second < first {
			t.Errorf("Balance() = %d after it was %d: it cannot sink while money comes in", second, first)
		}
	})
}

// TestWithdraw checks that Withdraw takes what is there and refuses what is not.
//
//grade:todo 5.2
//grade:points 1
//grade:needs TestBalance
func TestWithdraw(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		a := open(100)
		exam.Error(t, "Withdraw(30)", a.Withdraw(30), nil, "the account holds 100")
		exam.Equal(t, "Balance()", a.Balance(), 70, "after Withdraw(30) from 100")
		exam.Error(t, "Withdraw(71)", a.Withdraw(71), lock.ErrFunds, "the account holds 70")
		exam.Equal(t, "Balance()", a.Balance(), 70, "after a refused Withdraw(71) from 70")
		for _, amount := range []int{0, -1} {
			call := fmt.Sprintf("Withdraw(%d)", amount)
			exam.Error(t, call, a.Withdraw(amount), lock.ErrAmount, "the amount is not positive")
			exam.Equal(t, "Balance()", a.Balance(), 70, "after a refused "+call+" from 70")
		}
		exam.Error(t, "Withdraw(70)", a.Withdraw(70), nil, "the account holds just that much")
		exam.Equal(t, "Balance()", a.Balance(), 0, "after Withdraw(70) from 70")
		exam.Error(t, "Withdraw(1)", a.Withdraw(1), lock.ErrFunds, "the account is empty")
		exam.Error(t, "Withdraw(-1)", a.Withdraw(-1), lock.ErrAmount, "the account is empty, but the amount is not positive")
		exam.Equal(t, "Balance()", a.Balance(), 0, "after refused withdrawals from an empty account")
	})
}

// TestWithdrawNeverOverdraws checks that of two withdrawals that do not both fit exactly one succeeds.
//
//grade:todo 5.2
//grade:points 2
//grade:needs TestWithdraw
func TestWithdrawNeverOverdraws(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		a := open(100)
		var seventy, sixty, tooMuch error
		var seen int
		exam.Together(
			func() { seventy = a.Withdraw(70) },
			func() { sixty = a.Withdraw(60) },
			func() { tooMuch = a.Withdraw(120); seen = a.Balance(); a.Deposit(5) },
		)
		const when = "while 70, 60 and 120 are withdrawn from 100 and 5 are deposited"
		exam.Error(t, "Withdraw(120)", tooMuch, lock.ErrFunds, when)
		left := 105
		switch {
		case seventy == nil && errors.Is(sixty, lock.ErrFunds):
			left -= 70
		case sixty == nil && errors.Is(seventy, lock.ErrFunds):
			left -= 60
		default:
			t.Errorf("Withdraw(70) = %v and Withdraw(60) = %v, want one nil and the other ErrFunds: %s", seventy, sixty, when)
			return
		}
		exam.Equal(t, "Balance()", a.Balance(), left, "in the end, "+when)
		exam.OneOf(t, "Balance()", seen, []int{100, left - 5}, when)
	})
}

// TestTransfer checks that Transfer moves money that is there and refuses what is not.
//
//grade:todo 5.3
//grade:points 1
//grade:needs TestBalance
func TestTransfer(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		a, b := open(100), open(10)
		holds := func(wantA, wantB int, when string) {
			t.Helper()
			exam.Equal(t, "a.Balance()", a.Balance(), wantA, when)
			exam.Equal(t, "b.Balance()", b.Balance(), wantB, when)
		}
		exam.Error(t, "Transfer(a, b, 30)", lock.Transfer(a, b, 30), nil, "a holds 100")
		holds(70, 40, "after Transfer(a, b, 30) from 100 to 10")
		exam.Error(t, "Transfer(a, b, 71)", lock.Transfer(a, b, 71), lock.ErrFunds, "a holds 70")
		holds(70, 40, "after a refused Transfer(a, b, 71) from 70 to 40")
		for _, amount := range []int{0, -1} {
			call := fmt.Sprintf("Transfer(a, b, %d)", amount)
			exam.Error(t, call, lock.Transfer(a, b, amount), lock.ErrAmount, "the amount is not positive")
			holds(70, 40, "after a refused "+call+" from 70 to 40")
		}
		exam.Error(t, "Transfer(b, a, 40)", lock.Transfer(b, a, 40), nil, "b holds just that much")
		holds(110, 0, "after Transfer(b, a, 40) from 40 to 70")
		exam.Error(t, "Transfer(b, a, 1)", lock.Transfer(b, a, 1), lock.ErrFunds, "b is empty")
		exam.Error(t, "Transfer(a, b, 1)", lock.Transfer(a, b, 1), nil, "a holds 110")
		holds(109, 1, "after a refused Transfer(b, a, 1) and Transfer(a, b, 1) from 110 to 0")
	})
}

// TestTransferToItself checks that a transfer from an account to itself changes nothing, and ends.
//
//grade:todo 5.3
//grade:points 1
//grade:needs TestTransfer
func TestTransferToItself(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		a := open(100)
		exam.Error(t, "Transfer(a, a, 30)", lock.Transfer(a, a, 30), nil, "a holds 100")
		exam.Equal(t, "Balance()", a.Balance(), 100, "after Transfer(a, a, 30)")
		exam.Error(t, "Transfer(a, a, 100)", lock.Transfer(a, a, 100), nil, "a holds just that much")
		exam.Error(t, "Transfer(a, a, 101)", lock.Transfer(a, a, 101), lock.ErrFunds, "a holds 100")
		exam.Error(t, "Transfer(a, a, 0)", lock.Transfer(a, a, 0), lock.ErrAmount, "the amount is not positive")
		exam.Equal(t, "Balance()", a.Balance(), 100, "after transfers from the account to itself")
	})
	interleave.Explore(t, func(t *testing.T) {
		a := open(100)
		var seen int
		var out error
		exam.Together(
			func() { lock.Transfer(a, a, 30) },
			func() { seen = a.Balance(); out = a.Withdraw(100) },
		)
		exam.Equal(t, "Balance()", seen, 100, "while Transfer(a, a, 30)")
		exam.Error(t, "Withdraw(100)", out, nil, "while Transfer(a, a, 30); a holds 100")
	})
}

// TestTransferIsOneStep checks that nobody sees one half of a transfer without the other.
//
//grade:todo 5.3
//grade:points 1
//grade:needs TestTransfer TestWithdraw
func TestTransferIsOneStep(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		a, b := lock.NewAccount(0, 100), lock.NewAccount(1, 0) // 0 is a number like any other
		var aFirst, bSecond, bFirst, aSecond int
		exam.Together(
			func() { lock.Transfer(a, b, 30) },
			func() { aFirst = a.Balance(); bSecond = b.Balance() },
			func() { bFirst = b.Balance(); aSecond = a.Balance() },
		)
		const when = "while Transfer(a, b, 30) moves money from 100 to 0"
		exam.OneOf(t, "a.Balance()", aFirst, []int{100, 70}, when)
		exam.OneOf(t, "b.Balance()", bFirst, []int{0, 30}, when)
		if aFirst == 70 {
			exam.Equal(t, "b.Balance()", bSecond, 30, "a had already been seen without the money")
		}
		if bFirst == 30 {
			exam.Equal(t, "a.Balance()", aSecond, 70, "b had already been seen with the money")
		}
	})
	interleave.Explore(t, func(t *testing.T) {
		a, b := open(30), open(0)
		var fromA, fromB error
		exam.Together(
			func() { lock.Transfer(a, b, 30) },
			func() { fromA = a.Withdraw(30); fromB = b.Withdraw(30) },
		)
		if fromA != nil {
			exam.Error(t, "a.Withdraw(30)", fromA, lock.ErrFunds, "while Transfer(a, b, 30) moves all there is")
			exam.Error(t, "b.Withdraw(30)", fromB, nil, "while Transfer(a, b, 30) moves all there is, and a.Withdraw(30) has already found it gone from a")
		}
	})
	interleave.Explore(t, func(t *testing.T) {
		a, b := open(100), open(100)
		var inA, inB int
		var refused, more, all error
		exam.Together(
			func() { refused = lock.Transfer(a, b, 200) },
			func() { inB, more = b.Balance(), b.Withdraw(150); inA, all = a.Balance(), a.Withdraw(100) },
		)
		exam.Equal(t, "a.Balance()", inA, 100, "while Transfer(a, b, 200) is refused; both hold 100")
		exam.Equal(t, "b.Balance()", inB, 100, "while Transfer(a, b, 200) is refused; both hold 100")
		exam.Error(t, "Transfer(a, b, 200)", refused, lock.ErrFunds, "a holds 100, or nothing")
		exam.Error(t, "b.Withdraw(150)", more, lock.ErrFunds, "while Transfer(a, b, 200) is refused; both hold 100")
		exam.Error(t, "a.Withdraw(100)", all, nil, "while Transfer(a, b, 200) is refused; both hold 100")
	})
}

// TestTransferNeverOverdraws checks that money is not taken twice, by transfers or withdrawals.
//
//grade:todo 5.3
//grade:points 1
//grade:needs TestTransfer TestWithdraw
func TestTransferNeverOverdraws(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		a, b, c := open(100), open(0), open(0)
		var toB, toC, out error
		exam.Together(
			func() { toB = lock.Transfer(a, b, 70) },
			func() { toC = lock.Transfer(a, c, 60) },
			func() { out = a.Withdraw(80) },
		)
		const when = "after Transfer(a, b, 70), Transfer(a, c, 60) and a.Withdraw(80) at the same time, on 100"
		succeeded := 0
		for i, err := range []error{toB, toC, out} {
			switch {
			case err == nil:
				succeeded++
			case !errors.Is(err, lock.ErrFunds):
				exam.Error(t, []string{"Transfer(a, b, 70)", "Transfer(a, c, 60)", "Withdraw(80)"}[i], err, lock.ErrFunds, when)
			}
		}
		if succeeded != 1 {
			t.Errorf("%d of the 3 succeeded, want 1: %s", succeeded, when)
			return
		}
		want := [3]int{20, 0, 0}
		if toB == nil {
			want = [3]int{30, 70, 0}
		} else if toC == nil {
			want = [3]int{40, 0, 60}
		}
		exam.Equal(t, "a.Balance(), b.Balance(), c.Balance()", [3]int{a.Balance(), b.Balance(), c.Balance()}, want, when)
	})
}

// TestTransferLosesNothing checks that whatever else comes to or leaves the two accounts meanwhile counts.
//
//grade:todo 5.3
//grade:points 1
//grade:needs TestTransfer TestWithdraw
func TestTransferLosesNothing(t *testing.T) {
	meanwhile := func(what string, wantA, wantB int, do func(a, b, c *lock.Account)) {
		interleave.Explore(t, func(t *testing.T) {
			a, b, c := open(100), open(100), open(100)
			exam.Together(
				func() { lock.Transfer(a, b, 10) },
				func() { do(a, b, c) },
			)
			when := "after Transfer(a, b, 10) and, meanwhile, " + what + ", on 100 each"
			exam.Equal(t, "a.Balance()", a.Balance(), wantA, when)
			exam.Equal(t, "b.Balance()", b.Balance(), wantB, when)
		})
	}
	meanwhile("b.Deposit(1) and a.Deposit(2)", 92, 111, func(a, b, _ *lock.Account) { b.Deposit(1); a.Deposit(2) })
	meanwhile("b.Withdraw(1) and a.Withdraw(2)", 88, 109, func(a, b, _ *lock.Account) { b.Withdraw(1); a.Withdraw(2) })
	meanwhile("Transfer(c, b, 1) and Transfer(c, a, 2)", 92, 111, func(a, b, c *lock.Account) { lock.Transfer(c, b, 1); lock.Transfer(c, a, 2) })
	meanwhile("Transfer(b, c, 1) and Transfer(a, c, 2)", 88, 109, func(a, b, c *lock.Account) { lock.Transfer(b, c, 1); lock.Transfer(a, c, 2) })
}

// TestTransferNeverDeadlocks checks that transfers in opposite directions, or in a circle, always finish.
//
//grade:todo 5.3
//grade:points 2
//grade:needs TestTransfer
func TestTransferNeverDeadlocks(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		a, b := open(100), open(100)
		exam.Together(
			func() { lock.Transfer(a, b, 10); lock.Transfer(a, b, 20) },
			func() { lock.Transfer(b, a, 5) },
		)
		const when = "after Transfer(a, b, 10), Transfer(a, b, 20) and Transfer(b, a, 5) at the same time, on 100 each"
		exam.Equal(t, "a.Balance()", a.Balance(), 75, when)
		exam.Equal(t, "b.Balance()", b.Balance(), 125, when)
	})
	interleave.Explore(t, func(t *testing.T) {
		a, b, c := open(100), open(100), open(100)
		exam.Together(
			func() { lock.Transfer(a, b, 10) },
			func() { lock.Transfer(b, c, 20) },
			func() { lock.Transfer(c, a, 40) },
		)
		const when = "after Transfer(a, b, 10), Transfer(b, c, 20) and Transfer(c, a, 40) at the same time, on 100 each"
		exam.Equal(t, "a.Balance()", a.Balance(), 130, when)
		exam.Equal(t, "b.Balance()", b.Balance(), 90, when)
		exam.Equal(t, "c.Balance()", c.Balance(), 80, when)
	})
	for _, c := range crossings() {
		interleave.Explore(t, func(t *testing.T) {
			one, other := c.open()
			exam.Together(
				func() { lock.Transfer(one[0], one[1], 10) },
				func() { lock.Transfer(other[0], other[1], 3) },
			)
			moved := 10
			if c.samePair() {
				moved -= 3
			}
			when := fmt.Sprintf("after Transfer(a, b, 10) and Transfer(c, d, 3) at the same time; %v", c)
			exam.Equal(t, "a.Balance()", one[0].Balance(), 100-moved, when)
			exam.Equal(t, "b.Balance()", one[1].Balance(), 100+moved, when)
		}, interleave.Schedules(20))
	}
}
