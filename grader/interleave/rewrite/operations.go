package rewrite

import (
	"go/types"
	"slices"
)

// The operations that package rt replaces.

// rewrittenPackages are those with operations below; a file may be left with an import
// of one that it no longer uses.
var rewrittenPackages = map[string]bool{
	"sync": true, "time": true, "context": true, "runtime": true,
	"math/rand": true, "math/rand/v2": true, "maps": true, "sync/atomic": true, "syscall": true,
}

// functions maps functions to those of package rt with the same signature.
var functions = map[string]string{
	"sync.OnceFunc": "OnceFunc", "sync.OnceValue": "OnceValue", "sync.OnceValues": "OnceValues",

	"time.Sleep": "Sleep", "time.After": "After", "time.Tick": "Tick", "time.AfterFunc": "AfterFunc",
	"time.NewTimer": "NewTimer", "time.NewTicker": "NewTicker",
	"time.Now": "Now", "time.Since": "Since", "time.Until": "Until",

	"runtime.Gosched": "Gosched", "runtime.NumGoroutine": "NumGoroutine",

	"context.WithCancel": "ContextWithCancel", "context.WithCancelCause": "ContextWithCancelCause",
	"context.WithTimeout": "ContextWithTimeout", "context.WithTimeoutCause": "ContextWithTimeoutCause",
	"context.WithDeadline": "ContextWithDeadline", "context.WithDeadlineCause": "ContextWithDeadlineCause",
	"context.AfterFunc": "ContextAfterFunc", "context.WithoutCancel": "ContextWithoutCancel",
	"context.WithValue": "ContextWithValue", "context.Cause": "ContextCause",

	"maps.Keys": "MapsKeys", "maps.Values": "MapsValues", "maps.All": "MapsAll",
	"math/rand/v2.N": "RandN",

	"syscall.Flock": "Flock",
}

// methods maps methods to functions of package rt that take the receiver first. The
// receiver is a pointer, but for sync.Locker.
var methods = map[string]string{
	"sync.Mutex.Lock": "MutexLock", "sync.Mutex.Unlock": "MutexUnlock", "sync.Mutex.TryLock": "MutexTryLock",

	"sync.RWMutex.Lock": "RWMutexLock", "sync.RWMutex.Unlock": "RWMutexUnlock", "sync.RWMutex.TryLock": "RWMutexTryLock",
	"sync.RWMutex.RLock": "RWMutexRLock", "sync.RWMutex.RUnlock": "RWMutexRUnlock", "sync.RWMutex.TryRLock": "RWMutexTryRLock",
	"sync.RWMutex.RLocker": "RWMutexRLocker",

	"sync.Locker.Lock": "LockerLock", "sync.Locker.Unlock": "LockerUnlock",

	"sync.Cond.Wait": "CondWait", "sync.Cond.Signal": "CondSignal", "sync.Cond.Broadcast": "CondBroadcast",

	"sync.WaitGroup.Add": "WaitGroupAdd", "sync.WaitGroup.Done": "WaitGroupDone",
	"sync.WaitGroup.Wait": "WaitGroupWait", "sync.WaitGroup.Go": "WaitGroupGo",

	"sync.Once.Do":  "OnceDo",
	"sync.Pool.Get": "PoolGet", "sync.Pool.Put": "PoolPut",

	"sync.Map.Load": "MapLoad", "sync.Map.Store": "MapStore", "sync.Map.LoadOrStore": "MapLoadOrStore",
	"sync.Map.LoadAndDelete": "MapLoadAndDelete", "sync.Map.Delete": "MapDelete", "sync.Map.Swap": "MapSwap",
	"sync.Map.CompareAndSwap": "MapCompareAndSwap", "sync.Map.CompareAndDelete": "MapCompareAndDelete",
	"sync.Map.Range": "MapRange", "sync.Map.Clear": "MapClear",

	"time.Timer.Stop": "TimerStop", "time.Timer.Reset": "TimerReset",
	"time.Ticker.Stop": "TickerStop", "time.Ticker.Reset": "TickerReset",
}

// primitives are the types whose methods may be called through an interface. Package rt
// has a function for each of them, which finds out what is called: its name is that of
// the method with the prefix.
var primitives = []struct{ path, name, prefix string }{
	{"sync", "Mutex", "Any"}, {"sync", "RWMutex", "Any"}, {"sync", "Cond", "Any"},
	{"sync", "WaitGroup", "Any"}, {"sync", "Once", "Any"},
	{"sync", "Map", "AnyMap"}, {"sync", "Pool", "AnyPool"},
	{"time", "Timer", "AnyTimer"}, {"time", "Ticker", "AnyTicker"},
}

// qualified returns "path.Name" of a package's function, and "path.Type.Name" of a
// method, or "" for anything else.
func qualified(fn *types.Func) string {
	if fn.Pkg() == nil {
		return ""
	}
	path := fn.Pkg().Path()
	recv := fn.Signature().Recv()
	if recv == nil {
		return path + "." + fn.Name()
	}
	if named := receiverType(recv.Type()); named != nil {
		return path + "." + named.Obj().Name() + "." + fn.Name()
	}
	return ""
}

func receiverType(t types.Type) *types.Named {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	named, _ := types.Unalias(t).(*types.Named)
	return named
}

// atomicShape returns the function of package rt that performs an atomic operation,
// given a signature of its plain form: pointer first, then at most two values. It
// returns "" for what is no operation.
func atomicShape(values, results int) string {
	switch {
	case values == 0 && results == 1:
		return "AtomicLoad"
	case values == 1 && results == 0:
		return "AtomicStore"
	case values == 1 && results == 1:
		return "AtomicUpdate1"
	case values == 2 && results == 1:
		return "AtomicUpdate2"
	}
	return ""
}

// looksAtomic tells whether a method of an interface may be one of a type of package
// sync/atomic.
func looksAtomic(fn *types.Func) bool {
	params, results := fn.Signature().Params(), fn.Signature().Results()
	var t types.Type // of the values
	switch {
	case params.Len() > 0:
		t = params.At(0).Type()
	case results.Len() > 0:
		t = results.At(0).Type()
	}
	var takes, gives []types.Type
	switch fn.Name() {
	case "Load":
		gives = []types.Type{t}
	case "Store":
		takes = []types.Type{t}
	case "Swap", "Add", "And", "Or":
		takes, gives = []types.Type{t}, []types.Type{t}
	case "CompareAndSwap":
		takes, gives = []types.Type{t, t}, []types.Type{types.Typ[types.Bool]}
	}
	return t != nil && atomicValue(t) && !fn.Signature().Variadic() && ofTypes(params, takes) && ofTypes(results, gives)
}

// atomicValue tells whether package sync/atomic has a type for values of type t.
func atomicValue(t types.Type) bool {
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		return t.Info()&(types.IsInteger|types.IsBoolean) != 0
	case *types.Interface:
		return t.Empty()
	case *types.Pointer, *types.TypeParam:
		return true
	}
	return false
}

func ofTypes(tuple *types.Tuple, list []types.Type) bool {
	return slices.EqualFunc(slices.Collect(tuple.Variables()), list, func(v *types.Var, t types.Type) bool {
		return types.Identical(v.Type(), t)
	})
}
