// Package mapwrite writes to a map under the read lock.
//
// want: race
package mapwrite

import (
	"sync"
	"testing"
)

type visits struct {
	mu sync.RWMutex
	n  map[string]int
}

func (v *visits) count(page string) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	v.n[page]++
}

// Scenario counts two visits.
func Scenario(t *testing.T) {
	v := &visits{n: map[string]int{}}
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { v.count("home") })
	}
	wg.Wait()
	if n := v.n["home"]; n != 2 {
		t.Errorf("%d visits, want 2", n)
	}
}
