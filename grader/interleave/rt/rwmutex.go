package rt

import (
	"reflect"
	"sync"
	"unsafe"
)

// An RWMutex's word hb[0] is what its writers leave to all, hb[1] what its readers
// leave to writers, as in package sync.

// RWMutexLock is m.Lock().
//
//go:norace
func RWMutexLock(m *sync.RWMutex) {
	g := current()
	if g == nil {
		m.Lock()
		return
	}
	s := g.s
	o := s.object(unsafe.Pointer(m))
	g.point(OpWriteLock, o)
	if o.readers > 0 {
		o.writing++ // from here on new readers wait
		s.wrote(g, o)
		g.point(OpDrain, o)
		o.writing--
	}
	g.ownWrite(o)
}

//go:norace
func (g *goroutine) ownWrite(o *object) {
	o.held, o.owner = true, g
	acquire(&o.hb[0])
	acquire(&o.hb[1])
	g.s.wrote(g, o)
	g.s.holds(g, o)
}

// RWMutexTryLock is m.TryLock().
//
//go:norace
func RWMutexTryLock(m *sync.RWMutex) bool {
	g := current()
	if g == nil {
		return m.TryLock()
	}
	s := g.s
	o := s.object(unsafe.Pointer(m))
	g.point(OpTryWriteLock, o)
	if o.held || o.writing > 0 || o.readers > 0 {
		s.read(g, o)
		return false
	}
	g.ownWrite(o)
	return true
}

// RWMutexUnlock is m.Unlock().
//
//go:norace
func RWMutexUnlock(m *sync.RWMutex) {
	g := current()
	if g == nil {
		m.Unlock()
		return
	}
	o := g.s.object(unsafe.Pointer(m))
	g.point(OpWriteUnlock, o)
	if !o.held {
		g.stop(Misuse, "Unlock of an unlocked RWMutex")
	}
	release(&o.hb[0])
	g.s.drops(o.owner, o)
	o.held, o.owner = false, nil
	g.s.wrote(g, o)
}

// RWMutexRLock is m.RLock().
//
//go:norace
func RWMutexRLock(m *sync.RWMutex) {
	g := current()
	if g == nil {
		m.RLock()
		return
	}
	o := g.s.object(unsafe.Pointer(m))
	g.point(OpRLock, o)
	g.ownRead(o)
}

//go:norace
func (g *goroutine) ownRead(o *object) {
	o.readers++
	acquire(&o.hb[0])
	g.s.wrote(g, o)
	g.s.holds(g, o)
}

// RWMutexTryRLock is m.TryRLock().
//
//go:norace
func RWMutexTryRLock(m *sync.RWMutex) bool {
	g := current()
	if g == nil {
		return m.TryRLock()
	}
	s := g.s
	o := s.object(unsafe.Pointer(m))
	g.point(OpTryRLock, o)
	if o.held || o.writing > 0 {
		s.read(g, o)
		return false
	}
	g.ownRead(o)
	return true
}

// RWMutexRUnlock is m.RUnlock().
//
//go:norace
func RWMutexRUnlock(m *sync.RWMutex) {
	g := current()
	if g == nil {
		m.RUnlock()
		return
	}
	o := g.s.object(unsafe.Pointer(m))
	g.point(OpRUnlock, o)
	if o.readers == 0 {
		g.stop(Misuse, "RUnlock of an RWMutex that no reader holds")
	}
	releaseMerge(&o.hb[1])
	o.readers--
	g.s.drops(g, o)
	g.s.wrote(g, o)
}

// rlocker is what RLocker returns: during an exploration its methods are steps.
type rlocker struct{ m *sync.RWMutex }

//go:norace
func (r *rlocker) Lock() { RWMutexRLock(r.m) }

//go:norace
func (r *rlocker) Unlock() { RWMutexRUnlock(r.m) }

// RWMutexRLocker is m.RLocker().
//
//go:norace
func RWMutexRLocker(m *sync.RWMutex) sync.Locker { return &rlocker{m} }

// LockerLock is l.Lock().
//
//go:norace
func LockerLock(l sync.Locker) {
	switch m := mutexOf(l).(type) {
	case *sync.Mutex:
		MutexLock(m)
	case *sync.RWMutex:
		RWMutexLock(m)
	default:
		l.Lock()
	}
}

// LockerUnlock is l.Unlock().
//
//go:norace
func LockerUnlock(l sync.Locker) {
	switch m := mutexOf(l).(type) {
	case *sync.Mutex:
		MutexUnlock(m)
	case *sync.RWMutex:
		RWMutexUnlock(m)
	default:
		l.Unlock()
	}
}

// mutexOf returns the mutex that l embeds when it is a pointer to a struct without a name, to
// which the rewriter cannot add methods, else l.
//
//go:norace
func mutexOf(l sync.Locker) sync.Locker {
	v := reflect.ValueOf(l)
	if v.Kind() != reflect.Pointer || v.IsNil() || v.Elem().Kind() != reflect.Struct || v.Elem().Type().Name() != "" {
		return l
	}
	for i := range v.Elem().NumField() {
		if field := v.Elem().Type().Field(i); !field.Anonymous || !field.IsExported() {
			continue
		}
		switch m := v.Elem().Field(i).Addr().Interface().(type) {
		case *sync.Mutex:
			return m
		case *sync.RWMutex:
			return m
		}
	}
	return l
}
