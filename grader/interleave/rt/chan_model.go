package rt

import "unsafe"

// A goroutine stopped before a channel operation offers one communication, or one for
// each case of a select. A step carries out one that is ready: with the buffer, with
// a closed channel, or, without a buffer, together with a goroutine that offers the
// counterpart; that one's step is then done as well. Whether a goroutine had already
// arrived at the channel is not known to anybody, except that a select with a default
// finds only those that had: there both outcomes are possible, until time has passed or
// it has been tried again and again.

// comm is one communication on offer.
type comm struct {
	object *object // nil: a nil channel, never ready
	send   bool
	value  unsafe.Pointer
}

// communication is a goroutine's channel operation.
type communication struct {
	comms       []comm
	nonblocking bool // a select with a default
	chosen      int  // index in comms, -1: the default
	received    unsafe.Pointer
	ok          bool
	met         bool // a partner took the step
}

// option is a communication that is ready, with the partner it needs, if any.
type option struct {
	index   int
	partner *goroutine
	theirs  int
}

// plainError is a run-time error of the language, as package runtime has them.
type plainError string

//go:norace
func (e plainError) Error() string { return string(e) }

//go:norace
func (e plainError) RuntimeError() {}

//go:norace
func (g *goroutine) begin(op Op) {
	g.op = op
	g.comms = g.comms[:0]
	g.nonblocking, g.met, g.received, g.ok = false, false, nil, false
}

// communicate takes one step with g.comms.
//
//go:norace
func (g *goroutine) communicate() {
	s := g.s
	var o *object
	if len(g.comms) > 0 {
		o = g.comms[0].object
	}
	if o == nil && len(g.comms) == 1 && !g.nonblocking {
		g.point(OpForever, nil)
	}
	if g.op == OpSend {
		markRead(&o.hb[1]) // a send must be ordered with close
	}
	if g.op == OpSelect || o.cap == 0 {
		release(&g.out)
	}
	g.offer(1)
	if !g.nonblocking && !s.restless(g) {
		s.changes++ // who spins with a default will find g here
	}
	g.point(g.op, o)
	if g.met {
		acquire(&g.in)
		return
	}
	g.offer(-1)
	definite := s.collect(g)
	n := len(s.options)
	if g.nonblocking && !definite {
		n++
	}
	k := s.value(g, n)
	if k == len(s.options) {
		g.chosen = -1
		for i := range g.comms {
			if o := g.comms[i].object; o != nil {
				s.read(g, o)
			}
		}
		if len(g.comms) == 0 {
			s.read(g, nil)
		}
		return
	}
	opt := s.options[k]
	g.chosen = opt.index
	for i := range g.comms {
		if o := g.comms[i].object; o != nil && i != opt.index {
			s.read(g, o)
		}
	}
	c := &g.comms[opt.index]
	if opt.partner != nil {
		g.meet(c, opt.partner, opt.theirs)
		return
	}
	if c.send {
		g.put(c)
	} else {
		g.take(c.object)
	}
}

// ready reports whether any communication of g can be carried out.
//
//go:norace
func (g *goroutine) ready() bool {
	for i := range g.comms {
		c := &g.comms[i]
		if c.object != nil && (c.definite() || c.object.cap == 0 && g.hasPartner(c)) {
			return true
		}
	}
	return false
}

// definite reports whether c can be carried out with nobody's help.
//
//go:norace
func (c *comm) definite() bool {
	o := c.object
	if c.send {
		return o.closed || len(o.buf) < o.cap
	}
	return o.closed || len(o.buf) > 0
}

// hasPartner reports whether anybody but g waits with the counterpart of c, one of g's.
//
//go:norace
func (g *goroutine) hasPartner(c *comm) bool {
	counterparts := c.object.offers[direction(!c.send)]
	if !g.nonblocking {
		for i := range g.comms {
			if g.comms[i].object == c.object && g.comms[i].send != c.send {
				counterparts--
			}
		}
	}
	return counterparts > 0
}

// offer counts g's communications, with n 1, at their channels, as long as it waits there.
//
//go:norace
func (g *goroutine) offer(n int) {
	if g.nonblocking {
		return
	}
	for i := range g.comms {
		if o := g.comms[i].object; o != nil {
			o.offers[direction(g.comms[i].send)] += n
		}
	}
}

//go:norace
func direction(send bool) int {
	if send {
		return 1
	}
	return 0
}

// offers reports whether h waits at a channel.
//
//go:norace
func (h *goroutine) offers() bool {
	return h.state == pending && (h.op == OpSend || h.op == OpReceive || h.op == OpSelect) && !h.nonblocking
}

// collect lists what g can do, in s.options; definite says that a default is not
// among it.
//
//go:norace
func (s *scheduler) collect(g *goroutine) (definite bool) {
	s.options = s.options[:0]
	for i := range g.comms {
		c := &g.comms[i]
		if c.object == nil {
			continue
		}
		if c.definite() {
			definite = true
			s.options = append(s.options, option{index: i})
			continue
		}
		if c.object.cap > 0 {
			continue
		}
		for _, h := range s.live {
			if h == g || !h.offers() {
				continue
			}
			for j := range h.comms {
				if h.comms[j].object == c.object && h.comms[j].send != c.send {
					definite = definite || h.parked || s.idleness(g) >= spinAfter/2
					s.options = append(s.options, option{i, h, j})
				}
			}
		}
	}
	return definite
}

// meet carries out g's c and h's counterpart, without a buffer.
//
//go:norace
func (g *goroutine) meet(c *comm, h *goroutine, theirs int) {
	s := g.s
	release(&h.in)
	acquire(&h.out)
	d := &h.comms[theirs]
	if c.send {
		h.received, h.ok = c.value, true
	} else {
		g.received, g.ok = d.value, true
	}
	h.chosen, h.met = theirs, true
	h.offer(-1)
	if s.recording && s.steps > s.limits.Before {
		h.took(g)
	}
	// One event of both: whoever is said to have taken the step, the state is the same.
	both := mix(g.hash+h.hash, c.object.hash)
	for i := range h.comms {
		if o := h.comms[i].object; o != nil && o != c.object {
			o.reads += scramble(both)
		}
	}
	c.object.hash, c.object.reads = both, 0
	g.hash = mix(both, g.path)
	h.hash = mix(both, h.path)
	s.changed(g)
	s.changed(h)
	h.parked = false
	s.resume(h)
}

// took records that a partner took h's step.
//
//go:norace
func (h *goroutine) took(g *goroutine) {
	s := h.s
	s.events = append(s.events, Event{Goroutine: h.id, Op: h.op, Object: s.number(h.object), With: g.id + 1, frames: h.frames})
}

// put sends into a buffer, or panics because the channel is closed.
//
//go:norace
func (g *goroutine) put(c *comm) {
	o := c.object
	if g.op == OpSelect {
		markRead(&o.hb[1])
	}
	if o.closed {
		acquire(&o.hb[0])
		g.s.read(g, o)
		panic(plainError("send on closed channel"))
	}
	o.slots[(o.head+len(o.buf))%o.cap].exchange()
	o.buf = append(o.buf, c.value)
	g.s.wrote(g, o)
}

// take receives from a buffer or from a closed channel.
//
//go:norace
func (g *goroutine) take(o *object) {
	s := g.s
	if len(o.buf) == 0 { // closed
		acquire(&o.hb[0])
		g.received, g.ok = nil, false
		s.read(g, o)
		return
	}
	g.received, g.ok = o.buf[0], true
	o.buf = without(o.buf, 0)
	if o.timer != nil {
		acquire(&o.timer.hb)
	} else {
		o.slots[o.head].exchange()
		o.head = (o.head + 1) % o.cap
	}
	s.wrote(g, o)
}

//go:norace
func (g *goroutine) close(o *object) {
	if o == nil {
		g.point(OpClose, nil)
		g.s.read(g, nil)
		panic(plainError("close of nil channel"))
	}
	g.point(OpClose, o)
	if o.closed {
		g.s.read(g, o)
		panic(plainError("close of closed channel"))
	}
	markWrite(&o.hb[1])
	release(&o.hb[0])
	o.closed = true
	g.s.wrote(g, o)
}

//go:norace
func (g *goroutine) len(o *object) int {
	if o == nil || o.timer != nil {
		return 0 // a timer's channel never shows what it holds (Go 1.23)
	}
	g.point(OpLen, o)
	g.s.read(g, o)
	return len(o.buf)
}
