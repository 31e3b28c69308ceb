package rt

import (
	"sync"
	"unsafe"
)

// OnceDo is o.Do(f).
//
//go:norace
func OnceDo(o *sync.Once, f func()) {
	if g := current(); g != nil {
		g.once(unsafe.Pointer(o), f)
		return
	}
	o.Do(f)
}

//go:norace
func (g *goroutine) once(p unsafe.Pointer, f func()) {
	s := g.s
	o := s.object(p)
	g.point(OpOnce, o)
	if o.count == 1 {
		s.read(g, o)
		acquire(&o.hb[0])
		return
	}
	o.held, o.owner = true, g
	s.wrote(g, o)
	defer g.onceDone(o)
	f()
}

//go:norace
func (g *goroutine) onceDone(o *object) {
	if g.s.aborting {
		return
	}
	release(&o.hb[0])
	o.held, o.owner, o.count = false, nil, 1
	g.s.wrote(g, o)
}

// OnceFunc is sync.OnceFunc(f). What it returns may be called inside and outside
// explorations; each exploration of a schedule starts with f not called.
//
//go:norace
func OnceFunc(f func()) func() {
	o := &onceFunc{f: f, native: sync.OnceFunc(f)}
	return o.call
}

type onceFunc struct {
	f      func()
	native func()
	panics once
}

// once notes how the one call ended, so that later calls can end the same way.
type once struct {
	finished bool
	panicked any
}

//go:norace
func (o *once) run(f func()) {
	o.finished, o.panicked = false, nil
	defer o.end()
	f()
	o.finished = true
}

//go:norace
func (o *once) end() {
	if !o.finished {
		o.panicked = recover()
	}
}

//go:norace
func (o *once) check() {
	if !o.finished {
		panic(o.panicked)
	}
}

//go:norace
func (o *onceFunc) call() {
	g := current()
	if g == nil {
		o.native()
		return
	}
	g.once(unsafe.Pointer(o), o.run)
	o.panics.check()
}

//go:norace
func (o *onceFunc) run() { o.panics.run(o.f) }

// OnceValue is sync.OnceValue(f), see OnceFunc.
//
//go:norace
func OnceValue[T any](f func() T) func() T {
	o := &onceValue[T]{f: f, native: sync.OnceValue(f)}
	return o.call
}

type onceValue[T any] struct {
	f      func() T
	native func() T
	panics once
	v      T
}

//go:norace
func (o *onceValue[T]) call() T {
	g := current()
	if g == nil {
		return o.native()
	}
	g.once(unsafe.Pointer(o), o.run)
	o.panics.check()
	return o.v
}

//go:norace
func (o *onceValue[T]) run() { o.panics.run(o.set) }

//go:norace
func (o *onceValue[T]) set() { o.v = o.f() }

// OnceValues is sync.OnceValues(f), see OnceFunc.
//
//go:norace
func OnceValues[T1, T2 any](f func() (T1, T2)) func() (T1, T2) {
	o := &onceValues[T1, T2]{f: f, native: sync.OnceValues(f)}
	return o.call
}

type onceValues[T1, T2 any] struct {
	f      func() (T1, T2)
	native func() (T1, T2)
	panics once
	v1     T1
	v2     T2
}

//go:norace
func (o *onceValues[T1, T2]) call() (T1, T2) {
	g := current()
	if g == nil {
		return o.native()
	}
	g.once(unsafe.Pointer(o), o.run)
	o.panics.check()
	return o.v1, o.v2
}

//go:norace
func (o *onceValues[T1, T2]) run() { o.panics.run(o.set) }

//go:norace
func (o *onceValues[T1, T2]) set() { o.v1, o.v2 = o.f() }
