// Package refused has constructs that the rewriter refuses. Each line says why.
package refused

import (
	"sync"
	"sync/atomic"
)

type flag bool

func results() (*int64, int64) { return new(int64), 1 }

func named(c chan int) (ok flag) {
	_, ok = <-c // want: the result ok of a receive assigned to type
	select {
	case _, ok = <-c: // want: the result ok of a receive assigned to type
	}
	return ok
}

func many() { atomic.AddInt64(results()) } // want: atomic.AddInt64 called with all results of another call

func promoted() {
	type local struct{ sync.Mutex }
	lock := (*local).Lock // want: method expression (*local).Lock
	lock(new(local))
}

func value(m *sync.Map) func(any, any, any) bool {
	return m.CompareAndSwap // want: method value m.CompareAndSwap
}

func reserved() {
	lockstep_x := 1 // want: names that begin with lockstep_ are reserved
	_ = lockstep_x  // want: names that begin with lockstep_ are reserved
}

func shadowed() {
	type T struct{ n int }
	type node = atomic.Pointer[T]
	var p node
	{
		type T int
		var t T
		_ = t
		p.Load() // want: p.Load: its type has no name here
	}
}
