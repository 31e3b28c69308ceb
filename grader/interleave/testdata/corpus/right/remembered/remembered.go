// Package remembered has variables of its own, which begin anew in most schedules.
package remembered

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
)

var (
	prices = sync.OnceValue(func() map[string]int { return map[string]int{"tea": twice} })
	open   = make(gate) // closed by init
	twice  = 2 * half   // depends on a variable below
	half   = len(names)
	names  = []string{"a"}
	mu     sync.Mutex
	taken  map[int64]bool // guarded by mu; made by init
	number atomic.Int64

	errNone = errors.New("none")
)

type gate chan bool

func init() {
	taken = map[int64]bool{}
	close(open)
}

var wanted = errNone // by the program as it began

func take(t *testing.T) {
	n := number.Add(1)
	mu.Lock()
	defer mu.Unlock()
	if taken[n] {
		t.Errorf("%d is taken twice", n)
	}
	taken[n] = true
}

// Scenario takes two numbers.
func Scenario(t *testing.T) {
	<-open
	var wg sync.WaitGroup
	wg.Go(func() {
		take(t)
		prices()
	})
	take(t)
	if n := prices()["tea"]; n != 2 {
		t.Errorf("%d, want 2", n)
	}
	wg.Wait()
	mu.Lock()
	defer mu.Unlock()
	if n := number.Load(); n != int64(len(taken)) {
		t.Errorf("%d taken, but the number is %d", len(taken), n)
	}
	if errNone != wanted {
		t.Error("an error is not the one that it was")
	}
	names = nil
}
