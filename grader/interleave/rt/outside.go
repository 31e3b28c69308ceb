package rt

import (
	"reflect"
	"unsafe"
)

var outside byte // one object for all that is outside

// Outside returns f with a step before each call. It is for functions of the standard
// library that may order goroutines for the race detector (a system call does, a lock or a
// pool of the library's own) without a primitive that could be seen: what comes before
// the call can then be the last that a goroutine did when another one runs.
func Outside[F any](f F) F {
	var stepping any
	switch f := any(f).(type) { // the usual ones, without the cost of package reflect
	case func(...any) string:
		stepping = func(a ...any) string { stepOutside(); return f(a...) }
	case func(string, ...any) string:
		stepping = func(format string, a ...any) string { stepOutside(); return f(format, a...) }
	case func(string, ...any) error:
		stepping = func(format string, a ...any) error { stepOutside(); return f(format, a...) }
	case func([]byte) (int, error):
		stepping = func(p []byte) (int, error) { stepOutside(); return f(p) }
	default:
		v := reflect.ValueOf(f)
		call := v.Call
		if v.Type().IsVariadic() {
			call = v.CallSlice
		}
		stepping = reflect.MakeFunc(v.Type(), func(args []reflect.Value) []reflect.Value {
			stepOutside()
			return call(args)
		}).Interface()
	}
	return stepping.(F)
}

func stepOutside() {
	if g := current(); g != nil && !g.alone() {
		g.access(OpAccess, unsafe.Pointer(&outside))
	}
}

// alone tells whether nobody else could run now, nor when time passes: timers count. Then no
// step is needed, and who reads a long text byte by byte does not use up the schedule.
//
//go:norace
func (g *goroutine) alone() bool { return len(g.s.live) == 1 }
