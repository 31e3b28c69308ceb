package rt

import (
	"iter"
	"math/rand/v2"
	"runtime"
	"sync"
)

// Operations bound to their object, for method values such as mu.Unlock.

// Bind returns f of p.
func Bind[P any](f func(P), p P) func() { return func() { f(p) } }

// BindR is Bind for a function with a result.
func BindR[P, R any](f func(P) R, p P) func() R { return func() R { return f(p) } }

// Bind1 is Bind for a function with one more parameter.
func Bind1[P, A any](f func(P, A), p P) func(A) { return func(a A) { f(p, a) } }

// Bind1R is Bind1 for a function with a result.
func Bind1R[P, A, R any](f func(P, A) R, p P) func(A) R { return func(a A) R { return f(p, a) } }

// Bind1RR is Bind1 for a function with two results.
func Bind1RR[P, A, R, S any](f func(P, A) (R, S), p P) func(A) (R, S) {
	return func(a A) (R, S) { return f(p, a) }
}

// Bind2 is Bind for a function with two more parameters.
func Bind2[P, A, B any](f func(P, A, B), p P) func(A, B) { return func(a A, b B) { f(p, a, b) } }

// Bind2R is Bind2 for a function with a result.
func Bind2R[P, A, B, R any](f func(P, A, B) R, p P) func(A, B) R {
	return func(a A, b B) R { return f(p, a, b) }
}

// Bind2RR is Bind2 for a function with two results.
func Bind2RR[P, A, B, R, S any](f func(P, A, B) (R, S), p P) func(A, B) (R, S) {
	return func(a A, b B) (R, S) { return f(p, a, b) }
}

// AtomicLoadFunc returns op as a visible operation.
func AtomicLoadFunc[P, R any](op func(*P) R) func(*P) R {
	return func(p *P) R { return AtomicLoad(op, p) }
}

// AtomicStoreFunc returns op as a visible operation.
func AtomicStoreFunc[P, A any](op func(*P, A)) func(*P, A) {
	return func(p *P, a A) { AtomicStore(op, p, a) }
}

// AtomicUpdate1Func returns op as a visible operation.
func AtomicUpdate1Func[P, A, R any](op func(*P, A) R) func(*P, A) R {
	return func(p *P, a A) R { return AtomicUpdate1(op, p, a) }
}

// AtomicUpdate2Func returns op as a visible operation.
func AtomicUpdate2Func[P, A, B, R any](op func(*P, A, B) R) func(*P, A, B) R {
	return func(p *P, a A, b B) R { return AtomicUpdate2(op, p, a, b) }
}

// sync.Map: a point, then the real operation.

func MapLoad(m *sync.Map, key any) (any, bool) { return At(m.Load, m, false)(key) }
func MapStore(m *sync.Map, key, value any)     { At(m.Store, m, true)(key, value) }
func MapLoadOrStore(m *sync.Map, key, value any) (any, bool) {
	return At(m.LoadOrStore, m, true)(key, value)
}
func MapLoadAndDelete(m *sync.Map, key any) (any, bool) { return At(m.LoadAndDelete, m, true)(key) }
func MapDelete(m *sync.Map, key any)                    { At(m.Delete, m, true)(key) }
func MapSwap(m *sync.Map, key, value any) (any, bool)   { return At(m.Swap, m, true)(key, value) }
func MapCompareAndSwap(m *sync.Map, key, old, new any) bool {
	return At(m.CompareAndSwap, m, true)(key, old, new)
}
func MapCompareAndDelete(m *sync.Map, key, old any) bool {
	return At(m.CompareAndDelete, m, true)(key, old)
}
func MapClear(m *sync.Map) { At(m.Clear, m, true)() }

// MapRange is m.Range(f), in an order chosen by the exploration.
func MapRange(m *sync.Map, f func(key, value any) bool) {
	if current() == nil {
		m.Range(f)
		return
	}
	seen := map[any]bool{}
	At(m.Range, m, false)(func(key, _ any) bool {
		seen[key] = true
		return true
	})
	for key := range RangeMap(seen) {
		if value, ok := m.Load(key); ok && !f(key, value) {
			return
		}
	}
}

// MapsAll is maps.All, in an order chosen by the exploration.
func MapsAll[M ~map[K]V, K comparable, V any](m M) iter.Seq2[K, V] { return RangeMap(m) }

// MapsKeys is maps.Keys, in an order chosen by the exploration.
func MapsKeys[M ~map[K]V, K comparable, V any](m M) iter.Seq[K] {
	return func(yield func(K) bool) {
		RangeMap(m)(func(k K, _ V) bool { return yield(k) })
	}
}

// MapsValues is maps.Values, in an order chosen by the exploration.
func MapsValues[M ~map[K]V, K comparable, V any](m M) iter.Seq[V] {
	return func(yield func(V) bool) {
		RangeMap(m)(func(_ K, v V) bool { return yield(v) })
	}
}

// RandN is rand.N of math/rand/v2.
func RandN[T ~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr](n T) T {
	if n <= 0 {
		panic("invalid argument to N")
	}
	return T(Rand().Uint64N(uint64(n)))
}

// Yield stands before an operation of code that cannot be controlled. It lets other
// goroutines run now and then.
func Yield() {
	if rand.IntN(2) == 0 {
		runtime.Gosched()
	}
}
