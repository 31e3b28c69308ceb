package rt

import (
	"sync"
	"unsafe"
)

// CondWait is c.Wait(). Taking the ticket and unlocking are one step: what another
// goroutine can do between them it can do before or after.
//
//go:norace
func CondWait(c *sync.Cond) {
	g := current()
	if g == nil {
		c.Wait()
		return
	}
	s := g.s
	o := s.object(unsafe.Pointer(c))
	g.point(OpCondWait, o)
	g.notified = false
	o.waiters = append(o.waiters, g)
	o.count++
	s.wrote(g, o)
	var lock *object
	switch m := mutexOf(c.L).(type) {
	case *sync.Mutex:
		lock = s.object(unsafe.Pointer(m))
		if !lock.held {
			g.op, g.object = OpUnlock, lock
			g.stop(Misuse, "Cond.Wait without holding its mutex")
		}
		release(&lock.hb[0])
		s.drops(lock.owner, lock)
		lock.held, lock.owner = false, nil
		s.wrote(g, lock)
	default:
		LockerUnlock(c.L)
	}
	g.lockAfter = lock
	g.point(OpCondWake, o)
	g.lockAfter = nil
	acquire(&g.in)
	if lock != nil {
		g.own(lock)
		return
	}
	s.read(g, o)
	LockerLock(c.L)
}

// lockable reports whether g, which a Cond woke, can have its mutex back.
//
//go:norace
func (s *scheduler) lockable(g *goroutine) bool { return g.lockAfter == nil || !g.lockAfter.held }

// CondSignal is c.Signal(). The documentation promises no order among the waiters;
// the first is the ordinary outcome.
//
//go:norace
func CondSignal(c *sync.Cond) {
	g := current()
	if g == nil {
		c.Signal()
		return
	}
	s := g.s
	o := s.object(unsafe.Pointer(c))
	g.point(OpSignal, o)
	n := len(o.waiters)
	if n > 0 {
		k := s.value(g, n)
		o.waiters[k].notify(g)
		o.waiters = without(o.waiters, k)
	}
	s.wrote(g, o)
}

// CondBroadcast is c.Broadcast().
//
//go:norace
func CondBroadcast(c *sync.Cond) {
	g := current()
	if g == nil {
		c.Broadcast()
		return
	}
	o := g.s.object(unsafe.Pointer(c))
	g.point(OpBroadcast, o)
	for _, w := range o.waiters {
		w.notify(g)
	}
	o.waiters = o.waiters[:0]
	g.s.wrote(g, o)
}

// notify lets w, a waiter, run on, with g's past.
//
//go:norace
func (w *goroutine) notify(g *goroutine) {
	release(&w.in)
	w.notified = true
	w.hash = mix(w.hash, g.hash)
}
