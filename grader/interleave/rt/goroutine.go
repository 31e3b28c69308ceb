package rt

import "runtime"

// Go is go f(). It is instrumented and not inlined, like the other functions that the
// race detector may have to show a line of: it learns of the call from their frame.
//
//go:noinline
func Go(f func()) { start(f) }

//go:norace
func start(f func()) {
	g := current()
	if g == nil {
		go f()
		return
	}
	s := g.s
	if s.aborting {
		runtime.Goexit()
	}
	if f == nil {
		panic(plainError("go of nil func value"))
	}
	n := s.spawn(g, f)
	s.live = append(s.live, n)
	g.op = OpNone
	g.hash = mix(g.hash, uint64(g.children))
	s.changes++
	s.resume(n)
	go n.run()
}

// Gosched is runtime.Gosched().
//
//go:norace
func Gosched() {
	g := current()
	if g == nil {
		runtime.Gosched()
		return
	}
	g.point(OpGosched, nil)
	g.s.read(g, nil)
}

// NumGoroutine is runtime.NumGoroutine(): during an exploration, of those it controls.
//
//go:norace
func NumGoroutine() int {
	g := current()
	if g == nil {
		return runtime.NumGoroutine()
	}
	n := 0
	for _, h := range g.s.live {
		if h.fn != nil {
			n++
		}
	}
	return n
}
