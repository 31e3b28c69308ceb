package rt

import (
	"reflect"
	"unsafe"
)

// Case is one communication of a select statement.
type Case interface {
	offer(s *scheduler) comm
	done(p unsafe.Pointer, ok bool)
	native() reflect.SelectCase
	nativeDone(v reflect.Value, ok bool)
}

// SendCase is case c <- v.
type SendCase[T any] struct {
	c chan<- T
	v T
}

// RecvCase is case V, OK = <-c. V and OK are set when Select returns its index.
type RecvCase[T any] struct {
	c  <-chan T
	V  T    // what was received
	OK bool // false: the channel is closed
}

// CaseSend makes CaseSend(c).Case(v) stand for case c <- v.
//
//go:norace
func CaseSend[T any](c chan<- T) Sender[T] { return Sender[T]{c} }

// Case is the case that sends v.
//
//go:norace
func (s Sender[T]) Case(v T) *SendCase[T] { return &SendCase[T]{c: s.c, v: v} }

// CaseRecv stands for case <-c.
//
//go:norace
func CaseRecv[T any](c <-chan T) *RecvCase[T] { return &RecvCase[T]{c: c} }

// Select waits until one of the cases can proceed and returns its index, or -1 for
// the default.
//
//go:norace
func Select(hasDefault bool, cases ...Case) int {
	g := current()
	if g == nil {
		return nativeSelect(hasDefault, cases)
	}
	if len(cases) == 0 && !hasDefault {
		g.point(OpForever, nil)
	}
	g.begin(OpSelect)
	g.nonblocking = hasDefault
	for _, c := range cases {
		g.comms = append(g.comms, c.offer(g.s))
	}
	g.communicate()
	if g.chosen >= 0 {
		cases[g.chosen].done(g.received, g.ok)
		g.received = nil
	}
	return g.chosen
}

//go:norace
func (x *SendCase[T]) offer(s *scheduler) comm {
	p := new(T)
	*p = x.v
	return comm{object: channel(s, sending(x.c)), send: true, value: unsafe.Pointer(p)}
}

//go:norace
func (x *SendCase[T]) done(unsafe.Pointer, bool) {}

//go:norace
func (x *RecvCase[T]) offer(s *scheduler) comm { return comm{object: channel(s, receiving(x.c))} }

//go:norace
func (x *RecvCase[T]) done(p unsafe.Pointer, ok bool) {
	x.OK = ok
	if p != nil {
		x.V = *(*T)(p)
	}
}

// nativeSelect blocks in the real channels, so that it also works in a bubble of
// package testing/synctest.
func nativeSelect(hasDefault bool, cases []Case) int {
	list := make([]reflect.SelectCase, 0, len(cases)+1)
	for _, c := range cases {
		list = append(list, c.native())
	}
	if hasDefault {
		list = append(list, reflect.SelectCase{Dir: reflect.SelectDefault})
	}
	if len(list) == 0 {
		select {}
	}
	i, v, ok := reflect.Select(list)
	if i == len(cases) {
		return -1
	}
	cases[i].nativeDone(v, ok)
	return i
}

func (x *SendCase[T]) native() reflect.SelectCase {
	return reflect.SelectCase{Dir: reflect.SelectSend, Chan: reflect.ValueOf(x.c), Send: reflect.ValueOf(&x.v).Elem()}
}

func (x *SendCase[T]) nativeDone(reflect.Value, bool) {}

func (x *RecvCase[T]) native() reflect.SelectCase {
	return reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(x.c)}
}

func (x *RecvCase[T]) nativeDone(v reflect.Value, ok bool) {
	x.OK = ok
	reflect.ValueOf(&x.V).Elem().Set(v)
}
