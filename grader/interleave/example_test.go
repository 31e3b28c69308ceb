package interleave_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"

	"lockstep/grader/interleave"
)

// account is what the example tests.
type account struct {
	mu      sync.Mutex
	balance int
}

func (a *account) deposit(n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.balance += n
}

// TestDepositsAddUp is how a hidden test uses Explore. In this build, which is not
// rewritten, the body runs once.
func TestDepositsAddUp(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		var a account // new in every schedule
		var wg sync.WaitGroup
		wg.Go(func() { a.deposit(5) })
		wg.Go(func() { a.deposit(3) })
		wg.Wait()
		assert.Equal(t, 8, a.balance)
	})
}
