package rt

import "unsafe"

// The operations of package sync/atomic are a step, then the real operation, which
// tells the detector of its edges itself.

// AtomicLoad is op(p), for an operation that changes nothing.
//
//go:norace
func AtomicLoad[P, R any](op func(*P) R, p *P) R {
	g := current()
	if g == nil {
		return op(p)
	}
	o := g.s.object(unsafe.Pointer(p))
	g.point(OpLoad, o)
	g.s.read(g, o)
	return op(p)
}

// AtomicStore is op(p, a).
//
//go:norace
func AtomicStore[P, A any](op func(*P, A), p *P, a A) {
	g := current()
	if g == nil {
		op(p, a)
		return
	}
	o := g.s.object(unsafe.Pointer(p))
	g.point(OpStore, o)
	g.s.wrote(g, o)
	op(p, a)
}

// AtomicUpdate1 is op(p, a), for Add, Swap, And, Or.
//
//go:norace
func AtomicUpdate1[P, A, R any](op func(*P, A) R, p *P, a A) R {
	g := current()
	if g == nil {
		return op(p, a)
	}
	o := g.s.object(unsafe.Pointer(p))
	g.point(OpUpdate, o)
	g.s.wrote(g, o)
	return op(p, a)
}

// AtomicUpdate2 is op(p, a, b), for CompareAndSwap. One that fails changes nothing.
//
//go:norace
func AtomicUpdate2[P, A, B, R any](op func(*P, A, B) R, p *P, a A, b B) R {
	g := current()
	if g == nil {
		return op(p, a, b)
	}
	o := g.s.object(unsafe.Pointer(p))
	g.point(OpUpdate, o)
	r := op(p, a, b)
	if swapped, ok := any(r).(bool); ok && !swapped {
		g.s.read(g, o)
	} else {
		g.s.wrote(g, o)
	}
	return r
}

// At is a step on object, a pointer, followed by f, which it returns for the caller
// to call at once: At(m.Load, &m, false)(key). It serves sync.Map and atomic.Value;
// write says whether f may change the object.
//
//go:norace
func At[F any](f F, object any, write bool) F {
	g := current()
	if g == nil {
		return f
	}
	o := g.s.object(pointerOf(object))
	g.point(OpAccess, o)
	if write {
		g.s.wrote(g, o)
	} else {
		g.s.read(g, o)
	}
	return f
}

// pointerOf returns the data word of an interface value: of a pointer, itself.
//
//go:norace
func pointerOf(v any) unsafe.Pointer { return (*[2]unsafe.Pointer)(unsafe.Pointer(&v))[1] }
