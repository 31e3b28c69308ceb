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
	v := reflect.ValueOf(f)
	call := v.Call
	if v.Type().IsVariadic() {
		call = v.CallSlice
	}
	return reflect.MakeFunc(v.Type(), func(args []reflect.Value) []reflect.Value {
		if g := current(); g != nil {
			g.access(OpAccess, unsafe.Pointer(&outside))
		}
		return call(args)
	}).Interface().(F)
}
