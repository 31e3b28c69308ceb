package rt

import (
	"iter"
	"unsafe"
)

// Sender is the first half of a send: the channel alone fixes the element type.
type Sender[T any] struct{ c chan<- T }

// SendTo makes SendTo(c).Do(v) stand for c <- v.
//
//go:norace
func SendTo[T any](c chan<- T) Sender[T] { return Sender[T]{c} }

// Do sends v. It is instrumented, see Go.
//
//go:noinline
func (s Sender[T]) Do(v T) { send(s.c, v) }

//go:norace
func send[T any](c chan<- T, v T) {
	g := current()
	if g == nil {
		c <- v
		return
	}
	p := new(T)
	*p = v
	g.begin(OpSend)
	g.comms = append(g.comms, comm{object: channel(g.s, sending(c)), send: true, value: unsafe.Pointer(p)})
	g.communicate()
}

// Recv is <-c.
//
//go:norace
func Recv[T any](c <-chan T) T {
	v, _ := Recv2(c)
	return v
}

// Recv2 is v, ok := <-c.
//
//go:norace
func Recv2[T any](c <-chan T) (v T, ok bool) {
	g := current()
	if g == nil {
		v, ok = <-c
		return v, ok
	}
	g.begin(OpReceive)
	g.comms = append(g.comms, comm{object: channel(g.s, receiving(c))})
	g.communicate()
	if g.received != nil {
		v = *(*T)(g.received)
		g.received = nil
	}
	return v, g.ok
}

// Close is close(c). The real channel stays open: a schedule that does not go on with what the last
// one has left finds it so. It is instrumented, see Go.
//
//go:noinline
func Close[T any](c chan<- T) { closeChannel(c) }

//go:norace
func closeChannel[T any](c chan<- T) {
	g := current()
	if g == nil {
		close(c)
		return
	}
	g.close(channel(g.s, sending(c)))
}

// Len is len(c).
//
//go:norace
func Len[T any](c <-chan T) int {
	g := current()
	if g == nil {
		return len(c)
	}
	return g.len(channel(g.s, receiving(c)))
}

// LenSend is len(c) of a channel that can only be sent to.
//
//go:norace
func LenSend[T any](c chan<- T) int {
	g := current()
	if g == nil {
		return len(c)
	}
	return g.len(channel(g.s, sending(c)))
}

// Range stands for the channel in a range clause.
//
//go:norace
func Range[T any](c <-chan T) iter.Seq[T] { return ranger[T]{c}.each }

type ranger[T any] struct{ c <-chan T }

//go:norace
func (r ranger[T]) each(yield func(T) bool) {
	for {
		v, ok := Recv2(r.c)
		if !ok || !yield(v) {
			return
		}
	}
}

// sending and receiving undo the restriction of a channel's direction.
//
//go:norace
func sending[T any](c chan<- T) chan T { return *(*chan T)(unsafe.Pointer(&c)) }

//go:norace
func receiving[T any](c <-chan T) chan T { return *(*chan T)(unsafe.Pointer(&c)) }

// channel returns the model of c, a channel of any direction; nil for a nil channel.
// A channel that held values, or was closed, before the exploration still does.
//
//go:norace
func channel[T any](s *scheduler, real chan T) *object {
	p := *(*unsafe.Pointer)(unsafe.Pointer(&real))
	if p == nil {
		return nil
	}
	o, isNew := s.objects.find(p)
	if len(o.slots) != cap(real) {
		o.setSlots(cap(real))
	}
	if !isNew {
		return o
	}
	o.cap, o.filled = cap(real), len(real) > 0
	for n := len(real); n > 0; n-- {
		v := new(T)
		*v = <-real
		o.buf = append(o.buf, unsafe.Pointer(v))
		real <- *v
	}
	if len(o.buf) == 0 {
		select {
		case _, open := <-real:
			o.closed = !open
		default:
		}
	}
	return o
}

//go:norace
func (o *object) setSlots(n int) {
	if cap(o.slots) < n {
		o.slots = make([]slot, n)
		return
	}
	o.slots = o.slots[:n]
}
