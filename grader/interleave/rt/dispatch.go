package rt

import (
	"reflect"
	"sync"
	"time"
	"unsafe"
)

// Methods of interfaces and type parameters that may hold a type of the packages sync,
// sync/atomic and time. Each function returns the method bound to its receiver: what is
// called is decided where the source evaluates the receiver, and the step is taken after
// the arguments have been evaluated.

func AnyLock(l interface{ Lock() }) func() {
	switch l := l.(type) {
	case *sync.Mutex:
		return Bind(MutexLock, l)
	case *sync.RWMutex:
		return Bind(RWMutexLock, l)
	case sync.Locker:
		return Bind(LockerLock, l)
	}
	return l.Lock
}

func AnyUnlock(l interface{ Unlock() }) func() {
	switch l := l.(type) {
	case *sync.Mutex:
		return Bind(MutexUnlock, l)
	case *sync.RWMutex:
		return Bind(RWMutexUnlock, l)
	case sync.Locker:
		return Bind(LockerUnlock, l)
	}
	return l.Unlock
}

func AnyTryLock(l interface{ TryLock() bool }) func() bool {
	switch l := l.(type) {
	case *sync.Mutex:
		return BindR(MutexTryLock, l)
	case *sync.RWMutex:
		return BindR(RWMutexTryLock, l)
	}
	return l.TryLock
}

func AnyRLock(l interface{ RLock() }) func() {
	if l, ok := l.(*sync.RWMutex); ok {
		return Bind(RWMutexRLock, l)
	}
	return l.RLock
}

func AnyRUnlock(l interface{ RUnlock() }) func() {
	if l, ok := l.(*sync.RWMutex); ok {
		return Bind(RWMutexRUnlock, l)
	}
	return l.RUnlock
}

func AnyTryRLock(l interface{ TryRLock() bool }) func() bool {
	if l, ok := l.(*sync.RWMutex); ok {
		return BindR(RWMutexTryRLock, l)
	}
	return l.TryRLock
}

func AnyRLocker(l interface{ RLocker() sync.Locker }) func() sync.Locker {
	if l, ok := l.(*sync.RWMutex); ok {
		return BindR(RWMutexRLocker, l)
	}
	return l.RLocker
}

func AnyWait(w interface{ Wait() }) func() {
	switch w := w.(type) {
	case *sync.WaitGroup:
		return Bind(WaitGroupWait, w)
	case *sync.Cond:
		return Bind(CondWait, w)
	}
	return w.Wait
}

func AnySignal(c interface{ Signal() }) func() {
	if c, ok := c.(*sync.Cond); ok {
		return Bind(CondSignal, c)
	}
	return c.Signal
}

func AnyBroadcast(c interface{ Broadcast() }) func() {
	if c, ok := c.(*sync.Cond); ok {
		return Bind(CondBroadcast, c)
	}
	return c.Broadcast
}

func AnyAdd(w interface{ Add(int) }) func(int) {
	if w, ok := w.(*sync.WaitGroup); ok {
		return Bind1(WaitGroupAdd, w)
	}
	return w.Add
}

func AnyDone(w interface{ Done() }) func() {
	if w, ok := w.(*sync.WaitGroup); ok {
		return Bind(WaitGroupDone, w)
	}
	return w.Done
}

func AnyGo(w interface{ Go(func()) }) func(func()) {
	if w, ok := w.(*sync.WaitGroup); ok {
		return Bind1(WaitGroupGo, w)
	}
	return w.Go
}

func AnyDo(o interface{ Do(func()) }) func(func()) {
	if o, ok := o.(*sync.Once); ok {
		return Bind1(OnceDo, o)
	}
	return o.Do
}

func AnyPoolGet(p interface{ Get() any }) func() any {
	if p, ok := p.(*sync.Pool); ok {
		return BindR(PoolGet, p)
	}
	return p.Get
}

func AnyPoolPut(p interface{ Put(any) }) func(any) {
	if p, ok := p.(*sync.Pool); ok {
		return Bind1(PoolPut, p)
	}
	return p.Put
}

func AnyTimerStop(t interface{ Stop() bool }) func() bool {
	if t, ok := t.(*time.Timer); ok {
		return BindR(TimerStop, t)
	}
	return t.Stop
}

func AnyTimerReset(t interface{ Reset(time.Duration) bool }) func(time.Duration) bool {
	if t, ok := t.(*time.Timer); ok {
		return Bind1R(TimerReset, t)
	}
	return t.Reset
}

func AnyTickerStop(t interface{ Stop() }) func() {
	if t, ok := t.(*time.Ticker); ok {
		return Bind(TickerStop, t)
	}
	return t.Stop
}

func AnyTickerReset(t interface{ Reset(time.Duration) }) func(time.Duration) {
	if t, ok := t.(*time.Ticker); ok {
		return Bind1(TickerReset, t)
	}
	return t.Reset
}

// sync.Map and the types of sync/atomic: a step, then the real method, whatever it is.

func AnyMapLoad(m interface{ Load(any) (any, bool) }) func(any) (any, bool) {
	return func(key any) (any, bool) { step(m, OpLoad); return m.Load(key) }
}

func AnyMapStore(m interface{ Store(any, any) }) func(any, any) {
	return func(key, value any) { step(m, OpAccess); m.Store(key, value) }
}

func AnyMapLoadOrStore(m interface{ LoadOrStore(any, any) (any, bool) }) func(any, any) (any, bool) {
	return func(key, value any) (any, bool) { step(m, OpAccess); return m.LoadOrStore(key, value) }
}

func AnyMapLoadAndDelete(m interface{ LoadAndDelete(any) (any, bool) }) func(any) (any, bool) {
	return func(key any) (any, bool) { step(m, OpAccess); return m.LoadAndDelete(key) }
}

func AnyMapDelete(m interface{ Delete(any) }) func(any) {
	return func(key any) { step(m, OpAccess); m.Delete(key) }
}

func AnyMapSwap(m interface{ Swap(any, any) (any, bool) }) func(any, any) (any, bool) {
	return func(key, value any) (any, bool) { step(m, OpAccess); return m.Swap(key, value) }
}

func AnyMapCompareAndSwap(m interface{ CompareAndSwap(any, any, any) bool }) func(any, any, any) bool {
	return func(key, old, new any) bool { step(m, OpAccess); return m.CompareAndSwap(key, old, new) }
}

func AnyMapCompareAndDelete(m interface{ CompareAndDelete(any, any) bool }) func(any, any) bool {
	return func(key, old any) bool { step(m, OpAccess); return m.CompareAndDelete(key, old) }
}

func AnyMapRange(m interface{ Range(func(any, any) bool) }) func(func(any, any) bool) {
	if m, ok := m.(*sync.Map); ok {
		return Bind1(MapRange, m)
	}
	return m.Range
}

func AnyMapClear(m interface{ Clear() }) func() {
	return func() { step(m, OpAccess); m.Clear() }
}

func AnyAtomicLoad[V any](x interface{ Load() V }) func() V {
	return func() V { step(x, OpLoad); return x.Load() }
}

func AnyAtomicStore[V any](x interface{ Store(V) }) func(V) {
	return func(v V) { step(x, OpStore); x.Store(v) }
}

func AnyAtomicSwap[V any](x interface{ Swap(V) V }) func(V) V {
	return func(v V) V { step(x, OpUpdate); return x.Swap(v) }
}

func AnyAtomicAdd[V any](x interface{ Add(V) V }) func(V) V {
	return func(v V) V { step(x, OpUpdate); return x.Add(v) }
}

func AnyAtomicAnd[V any](x interface{ And(V) V }) func(V) V {
	return func(v V) V { step(x, OpUpdate); return x.And(v) }
}

func AnyAtomicOr[V any](x interface{ Or(V) V }) func(V) V {
	return func(v V) V { step(x, OpUpdate); return x.Or(v) }
}

func AnyAtomicCompareAndSwap[V any](x interface{ CompareAndSwap(V, V) bool }) func(V, V) bool {
	return func(old, new V) bool { step(x, OpUpdate); return x.CompareAndSwap(old, new) }
}

// step is the caller's step on the sync.Map or the atomic that x is or embeds, if any: a
// type without a name that embeds one cannot have forwarding methods.
func step(x any, op Op) {
	g := current()
	if g == nil {
		return
	}
	if p := primitive(reflect.ValueOf(x), 4); p != nil {
		g.access(op, p)
	}
}

//go:norace
func (g *goroutine) access(op Op, p unsafe.Pointer) {
	o := g.s.object(p)
	g.point(op, o)
	if op == OpLoad {
		g.s.read(g, o)
	} else {
		g.s.wrote(g, o)
	}
}

// primitive returns the address of the sync.Map or the atomic that v is, points to, or
// embeds at most so deep.
func primitive(v reflect.Value, depth int) unsafe.Pointer {
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	if v.Kind() != reflect.Struct {
		return nil
	}
	if t := v.Type(); t.PkgPath() == "sync/atomic" || t.PkgPath() == "sync" && t.Name() == "Map" {
		if !v.CanAddr() {
			return nil
		}
		return unsafe.Pointer(v.UnsafeAddr())
	}
	for i := range v.NumField() {
		if depth > 0 && v.Type().Field(i).Anonymous {
			if p := primitive(v.Field(i), depth-1); p != nil {
				return p
			}
		}
	}
	return nil
}
