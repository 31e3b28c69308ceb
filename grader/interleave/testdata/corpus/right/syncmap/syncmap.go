// Package syncmap keeps one value per key in a sync.Map, whoever stores first.
package syncmap

import (
	"sync"
	"testing"
)

// Scenario stores one key from two goroutines and takes it out again.
func Scenario(t *testing.T) {
	var m sync.Map
	got := make([]any, 2)
	var wg sync.WaitGroup
	for i := range got {
		wg.Go(func() { got[i], _ = m.LoadOrStore("key", i) })
	}
	wg.Wait()
	if got[0] != got[1] {
		t.Errorf("two values for one key: %v and %v", got[0], got[1])
	}
	n := 0
	m.Range(func(_, v any) bool { n++; return v == got[0] })
	v, loaded := m.LoadAndDelete("key")
	if _, ok := m.Load("key"); n != 1 || !loaded || v != got[0] || ok {
		t.Errorf("%d keys, took out %v, %v, still there %v", n, v, loaded, ok)
	}
}
