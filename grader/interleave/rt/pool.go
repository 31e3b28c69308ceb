package rt

import (
	"sync"
	"unsafe"
)

// PoolGet is p.Get(). The pool of a schedule starts empty; when it is not, the
// ordinary outcome is the item put last, and the pool may also have lost all of them.
//
//go:norace
func PoolGet(p *sync.Pool) any {
	g := current()
	if g == nil {
		return p.Get()
	}
	s := g.s
	o := s.object(unsafe.Pointer(p))
	g.point(OpPoolGet, o)
	n := len(o.buf)
	if n > 0 && s.value(g, 2) == 0 {
		item := (*any)(o.buf[n-1])
		o.buf = o.buf[:n-1]
		acquire(&o.hb[0])
		s.wrote(g, o)
		return *item
	}
	s.read(g, o)
	if p.New == nil {
		return nil
	}
	return p.New()
}

// PoolPut is p.Put(x).
//
//go:norace
func PoolPut(p *sync.Pool, x any) {
	g := current()
	if g == nil {
		p.Put(x)
		return
	}
	if x == nil {
		return
	}
	s := g.s
	o := s.object(unsafe.Pointer(p))
	g.point(OpPoolPut, o)
	item := new(any)
	*item = x
	o.buf = append(o.buf, unsafe.Pointer(item))
	releaseMerge(&o.hb[0])
	s.wrote(g, o)
}
