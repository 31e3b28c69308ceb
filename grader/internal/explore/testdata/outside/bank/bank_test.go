package bank

import (
	"sync"
	"testing"
)

type account interface {
	Add(int)
	Sum() int
}

func both(t *testing.T, a account) {
	t.Helper()
	var wg sync.WaitGroup
	for range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			a.Add(1)
		}()
	}
	wg.Wait()
	if sum := a.Sum(); sum != 2 {
		t.Errorf("sum is %d, want 2", sum)
	}
}

func TestLossy(t *testing.T) { both(t, &Lossy{}) }

func TestRacy(t *testing.T) { both(t, &Racy{}) }

func TestRight(t *testing.T) {
	t.Parallel()
	both(t, &Right{})
}

func TestSubtests(t *testing.T) {
	for _, name := range []string{"one", "two"} {
		t.Run(name, func(t *testing.T) {
			both(t, &Right{})
		})
	}
}

func TestDeadlock(t *testing.T) {
	a, b := &Right{}, &Right{}
	var wg sync.WaitGroup
	wg.Go(func() { transfer(a, b) })
	wg.Go(func() { transfer(b, a) })
	wg.Wait()
}

func TestSkipped(t *testing.T) { t.Skip("not today") }

func TestUnreachable(t *testing.T) {
	t.Run("named", named)
}

func named(t *testing.T) {}
