// Package refused has constructs that the rewriter refuses. Each line says why.
package refused

import (
	"iter"
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

type byPointer struct{ *sync.Mutex }

func use(...sync.Locker)          {}
func useParam[L sync.Locker](l L) {}
func pass(b byPointer) []sync.Locker {
	type local struct{ sync.Mutex }
	type deeper struct{ *byPointer }
	use(&local{}) // want: &local{} used as an interface with method Lock
	use(deeper{&b})
	use(&b, b) // want: b used as an interface with method Lock
	var anonymous struct{ sync.RWMutex }
	var l sync.Locker = &anonymous
	var try interface{ TryLock() bool } = &anonymous // want: &anonymous used as an interface with method TryLock
	_ = try
	var pointer struct{ *sync.Mutex }
	l = &pointer       // want: &pointer used as an interface with method Lock
	useParam(&local{}) // want: used as an interface with method Lock
	useParam(l)
	m := map[string]sync.Locker{"x": &local{}} // want: &local{} used as an interface with method Lock
	l = m["x"]
	l = sync.Locker(new(local)) // want: new(local) used as an interface with method Lock
	_ = any(local{})
	return []sync.Locker{l}
}

func result() sync.Locker {
	type local struct{ sync.Mutex }
	f := func() error { return nil }
	_ = f
	return &local{} // want: &local{} used as an interface with method Lock
}

func predeclared() {
	type any int
	type panics struct{ panic, true bool }
	panic := 1 // want: panic declared anew
	_ = panic
}

type cell interface{ Load() int64 }

func expression() {
	load := cell.Load // want: method expression cell.Load
	load(new(atomic.Int64))
}

func pull(seq iter.Seq[int]) {
	next, stop := iter.Pull(seq) // want: iter.Pull: it runs the sequence where no schedule reaches
	defer stop()
	next()
}
