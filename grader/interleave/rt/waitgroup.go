package rt

import (
	"sync"
	"unsafe"
)

// A WaitGroup's word hb[0] is what Done leaves to Wait; hb[1] is read by the first
// Add and written by the first Wait, so that the detector reports the two when
// nothing orders them, as in package sync.

// WaitGroupAdd is w.Add(n). It is instrumented, see Go.
//
//go:noinline
func WaitGroupAdd(w *sync.WaitGroup, n int) { add(w, n) }

//go:norace
func add(w *sync.WaitGroup, n int) {
	g := current()
	if g == nil {
		w.Add(n)
		return
	}
	s := g.s
	o := s.object(unsafe.Pointer(w))
	if n < 0 {
		g.point(OpDone, o)
		releaseMerge(&o.hb[0])
	} else {
		g.point(OpAdd, o)
	}
	o.count += n
	s.wrote(g, o)
	if n > 0 && o.count == n {
		markRead(&o.hb[1])
		for _, w := range s.live {
			if w.state == pending && w.op == OpWait && w.object == o {
				w.late = true
			}
		}
	}
	if o.count < 0 {
		panic("sync: negative WaitGroup counter")
	}
	if o.count == 0 {
		for _, w := range o.waiters {
			w.notified = true
			w.hash = mix(w.hash, g.hash)
		}
		o.waiters = o.waiters[:0]
	}
}

// WaitGroupDone is w.Done().
//
//go:norace
func WaitGroupDone(w *sync.WaitGroup) {
	if current() == nil {
		w.Done()
		return
	}
	add(w, -1)
}

// WaitGroupWait is w.Wait(). A caller that finds the counter above zero counts as
// waiting at once: the only thing a later arrival could hide is a misuse. It is
// instrumented, see Go.
//
//go:noinline
func WaitGroupWait(w *sync.WaitGroup) { wait(w) }

//go:norace
func wait(w *sync.WaitGroup) {
	g := current()
	if g == nil {
		w.Wait()
		return
	}
	s := g.s
	o := s.object(unsafe.Pointer(w))
	g.arrived, g.notified, g.late = false, false, false
	if o.count > 0 && !s.aborting {
		if len(o.waiters) == 0 {
			markWrite(&o.hb[1])
		}
		g.arrived = true
		o.waiters = append(o.waiters, g)
	}
	g.point(OpWait, o)
	s.read(g, o)
	if g.late && !g.arrived {
		markWrite(&o.hb[1])
	}
	acquire(&o.hb[0])
	if g.arrived && o.count != 0 {
		panic("sync: WaitGroup is reused before previous Wait has returned")
	}
}

// WaitGroupGo is w.Go(f). It is instrumented, see Go.
//
//go:noinline
func WaitGroupGo(w *sync.WaitGroup, f func()) { startTask(w, f) }

//go:norace
func startTask(w *sync.WaitGroup, f func()) {
	if current() == nil {
		w.Go(f)
		return
	}
	add(w, 1)
	t := &task{w, f}
	start(t.run)
}

// task is a function whose end a WaitGroup waits for. A panic ends the schedule.
type task struct {
	w *sync.WaitGroup
	f func()
}

//go:norace
func (t *task) run() {
	defer t.done()
	t.f()
}

//go:norace
func (t *task) done() {
	if v := recover(); v != nil {
		panic(v)
	}
	WaitGroupDone(t.w)
}
