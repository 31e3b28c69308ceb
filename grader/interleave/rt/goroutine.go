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
	s.milestone()
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

// spawn makes a goroutine for f, a child of g. The caller starts it with go.
//
//go:norace
func (s *scheduler) spawn(g *goroutine, f func()) *goroutine {
	n := s.newGoroutine()
	n.fn = f
	if g != nil {
		n.parent = g
		g.children++
		n.path = mix(g.path, uint64(g.children))
		n.hash = mix(n.path, g.hash)
		if s.recording {
			s.locate(g)
			n.origin = g.frames
		}
	} else {
		n.path = 1
		n.hash = 1
	}
	return n
}

//go:norace
func (s *scheduler) newGoroutine() *goroutine {
	var n *goroutine
	if k := len(s.all); k < len(s.spare) {
		n = s.spare[k]
		wake := n.wake
		*n = goroutine{communication: communication{comms: n.comms[:0]}, held: n.held[:0]}
		n.wake = wake
	} else {
		n = &goroutine{wake: make(chan struct{}, 1)}
		s.spare = append(s.spare, n)
	}
	n.s, n.id = s, len(s.all)
	n.asOf = s.changes
	s.all = append(s.all, n)
	return n
}

// run is the body of every goroutine of a schedule.
//
//go:norace
func (g *goroutine) run() {
	g.gp = getg()
	defer g.exit()
	raceOff()
	g.park()
	if g.timer != nil {
		acquire(&g.timer.hb)
	}
	g.state = running
	g.fn()
}

// exit ends a goroutine, however it came to its end.
//
//go:norace
func (g *goroutine) exit() {
	s := g.s
	if r := recover(); r != nil && !s.aborting {
		s.panicked = make([]uintptr, 64)
		s.panicked = s.panicked[:runtime.Callers(1, s.panicked)]
		g.op, g.object = OpPanic, nil
		if s.recording {
			s.locate(g)
		}
		s.took(g)
		s.fail(Panic, panicText(r))
		g.state = done
		g.leave()
		s.current = nil
		g.gp = 0
		raceOff()
		s.done <- struct{}{}
		raceOn()
		return
	}
	g.gp = 0
	if s.recording && !s.aborting {
		s.spot(g)
	}
	g.leave()
	if s.aborting {
		raceOff()
		s.ack <- struct{}{}
		raceOn()
		return
	}
	if g.main {
		s.mainDone = true
		if s.limits.Failed != nil && *s.limits.Failed {
			s.fail(Wrong, "")
		}
	}
	var next *goroutine
	if s.verdict == Fine {
		next = s.next()
	}
	s.current = next
	raceOff()
	if next == nil {
		s.done <- struct{}{}
	} else {
		next.wake <- struct{}{}
	}
	raceOn()
}

// leave takes g off the list of those that live.
//
//go:norace
func (g *goroutine) leave() {
	s := g.s
	g.state = done
	if g.fn != nil {
		s.milestone()
	}
	releaseMerge(&s.end)
	s.doneHash += scramble(g.hash)
	for i, h := range s.live {
		if h == g {
			s.live = without(s.live, i)
			break
		}
	}
}

//go:norace
func panicText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case error:
		return v.Error()
	case interface{ String() string }:
		return v.String()
	}
	return "a value that is no error or string"
}
