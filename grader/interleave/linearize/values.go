package linearize

import (
	"fmt"
	"maps"
)

// Counter is an int that starts at 0. The operations are Inc, Dec and Add with an int,
// which may return the new value, and Value, Load or Get.
func Counter() Model[int] {
	const name = "a counter"
	return Model[int]{Name: name, Step: func(n int, op Op) (int, bool) {
		switch op.Name {
		case "Inc":
			n++
		case "Dec":
			n--
		case "Add":
			n += op.Args[0].(int)
		case "Value", "Load", "Get":
		default:
			unknown(name, op)
		}
		return n, op.returned(0, n)
	}}
}

// Register is a variable. The operations are Store, Set or Write with a value, Load,
// Get or Read, Swap with a value, which returns the old one, and CompareAndSwap with
// an old and a new value, which returns whether it was done.
func Register(start any) Model[any] {
	const name = "a variable"
	return Model[any]{Name: name, Start: start, Step: func(v any, op Op) (any, bool) {
		switch op.Name {
		case "Store", "Set", "Write":
			return op.Args[0], true
		case "Load", "Get", "Read":
			return v, op.returned(0, v)
		case "Swap":
			return op.Args[0], op.returned(0, v)
		case "CompareAndSwap":
			if v != op.Args[0] {
				return v, op.returned(0, false)
			}
			return op.Args[1], op.returned(0, true)
		}
		unknown(name, op)
		return nil, false
	}}
}

// Set is a set that starts empty. The operations are Add, Remove and Contains with an
// element, which return whether it was added, removed or contained, and Len. Add and
// Remove may return nothing.
func Set() Model[map[any]bool] {
	const name = "a set"
	return Model[map[any]bool]{Name: name, Step: func(set map[any]bool, op Op) (map[any]bool, bool) {
		if op.Name == "Len" {
			return set, op.returned(0, len(set))
		}
		element := op.Args[0]
		switch op.Name {
		case "Add":
			return with(set, element, true), op.returned(0, !set[element])
		case "Remove":
			return without(set, element), op.returned(0, set[element])
		case "Contains":
			return set, op.returned(0, set[element])
		}
		unknown(name, op)
		return nil, false
	}}
}

// Map is a map that starts empty. The operations are Store, Set or Put with a key and
// a value, Load or Get with a key, which return the value and whether there is one,
// LoadOrStore with a key and a value, which returns the value that is there then and
// whether it was there before, Delete with a key, and Len.
func Map() Model[map[any]any] {
	const name = "a map"
	return Model[map[any]any]{Name: name, Step: func(m map[any]any, op Op) (map[any]any, bool) {
		if op.Name == "Len" {
			return m, op.returned(0, len(m))
		}
		key := op.Args[0]
		v, there := m[key]
		switch op.Name {
		case "Store", "Set", "Put":
			return with(m, key, op.Args[1]), true
		case "Load", "Get":
			// the value of a key that is not there is the zero value of a type not known here
			return m, op.returned(1, there) && (!there || op.returned(0, v))
		case "LoadOrStore":
			if !there {
				v, m = op.Args[1], with(m, key, op.Args[1])
			}
			return m, op.returned(0, v) && op.returned(1, there)
		case "Delete":
			return without(m, key), op.returned(0, there)
		}
		unknown(name, op)
		return nil, false
	}}
}

// Semaphore is a semaphore with a number of permits, all free at the start. The
// operations are Acquire, TryAcquire and Release, with a number of permits or without
// for one. If the last result of an operation is false or an error, it did nothing,
// which Acquire may only if too few are free then, and Release only if too few are
// taken; an Acquire whose context ended may do nothing at any time. A Release of
// permits that are not taken must be refused.
func Semaphore(permits int) Model[int] {
	name := fmt.Sprintf("a semaphore with %d permits", permits)
	return Model[int]{Name: name, Start: permits, Step: func(free int, op Op) (int, bool) {
		n := 1
		for _, arg := range op.Args {
			if number, ok := arg.(int); ok {
				n = number
			}
		}
		possible := free >= n
		switch op.Name {
		case "Acquire", "TryAcquire":
			n = -n
		case "Release":
			possible = free+n <= permits
		default:
			unknown(name, op)
		}
		if op.GaveUp() {
			return free, true
		}
		if op.Refused() {
			return free, !possible
		}
		return free + n, possible
	}}
}

func with[K comparable, V any](m map[K]V, key K, v V) map[K]V {
	next := map[K]V{key: v}
	for k, old := range m {
		if k != key {
			next[k] = old
		}
	}
	return next
}

func without[K comparable, V any](m map[K]V, key K) map[K]V {
	next := maps.Clone(m)
	delete(next, key)
	return next
}
