package rt

import (
	"sync"
	"unsafe"
)

// MutexLock is m.Lock().
//
//go:norace
func MutexLock(m *sync.Mutex) {
	if g := current(); g != nil {
		g.lock(g.s.object(unsafe.Pointer(m)))
		return
	}
	m.Lock()
}

// MutexUnlock is m.Unlock().
//
//go:norace
func MutexUnlock(m *sync.Mutex) {
	if g := current(); g != nil {
		g.unlock(g.s.object(unsafe.Pointer(m)), "unlock of an unlocked mutex")
		return
	}
	m.Unlock()
}

// MutexTryLock is m.TryLock().
//
//go:norace
func MutexTryLock(m *sync.Mutex) bool {
	g := current()
	if g == nil {
		return m.TryLock()
	}
	s := g.s
	o := s.object(unsafe.Pointer(m))
	g.point(OpTryLock, o)
	if o.held {
		s.read(g, o)
		return false
	}
	g.own(o)
	return true
}

//go:norace
func (g *goroutine) lock(o *object) {
	g.point(OpLock, o)
	g.own(o)
}

//go:norace
func (g *goroutine) own(o *object) {
	o.held, o.owner = true, g
	acquire(&o.hb[0])
	g.s.wrote(g, o)
	g.s.holds(g, o)
}

//go:norace
func (g *goroutine) unlock(o *object, misuse string) {
	g.point(OpUnlock, o)
	if !o.held {
		g.stop(Misuse, misuse)
	}
	release(&o.hb[0])
	g.s.drops(o.owner, o)
	o.held, o.owner = false, nil
	g.s.wrote(g, o)
}
