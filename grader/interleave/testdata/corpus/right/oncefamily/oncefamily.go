// Package oncefamily initialises by Once, OnceFunc, OnceValue and OnceValues.
package oncefamily

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
)

// Scenario uses each from two goroutines.
func Scenario(t *testing.T) {
	var calls [4]atomic.Int32
	errNone := errors.New("none")
	var once sync.Once
	plain := sync.OnceFunc(func() { calls[1].Add(1) })
	value := sync.OnceValue(func() int { calls[2].Add(1); return 7 })
	values := sync.OnceValues(func() (int, error) { calls[3].Add(1); return 8, errNone })
	use := func() {
		once.Do(func() { calls[0].Add(1) })
		plain()
		if v := value(); v != 7 {
			t.Errorf("OnceValue returned %d, want 7", v)
		}
		if v, err := values(); v != 8 || err != errNone {
			t.Errorf("OnceValues returned %d, %v", v, err)
		}
	}
	var wg sync.WaitGroup
	wg.Go(use)
	use()
	wg.Wait()
	for i := range calls {
		if n := calls[i].Load(); n != 1 {
			t.Errorf("function %d ran %d times, want 1", i, n)
		}
	}
}
