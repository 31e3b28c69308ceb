package rt

import (
	"iter"
	"reflect"
)

type Sender[T any] struct{ c chan<- T }

func SendTo[T any](c chan<- T) Sender[T]   { return Sender[T]{c} }
func CaseSend[T any](c chan<- T) Sender[T] { return Sender[T]{c} }

func (s Sender[T]) Do(v T)                { s.c <- v }
func (s Sender[T]) Case(v T) *SendCase[T] { return &SendCase[T]{c: s.c, v: v} }

func Recv[T any](c <-chan T) T          { return <-c }
func Recv2[T any](c <-chan T) (T, bool) { v, ok := <-c; return v, ok }
func Close[T any](c chan<- T)           { close(c) }
func Len[T any](c <-chan T) int         { return len(c) }
func LenSend[T any](c chan<- T) int     { return len(c) }
func Range[T any](c <-chan T) iter.Seq[T] {
	return func(yield func(T) bool) {
		for v := range c {
			if !yield(v) {
				return
			}
		}
	}
}

// Case is one communication of a select statement.
type Case interface {
	native() reflect.SelectCase
	received(v reflect.Value, ok bool)
}

type SendCase[T any] struct {
	c chan<- T
	v T
}

type RecvCase[T any] struct {
	c  <-chan T
	V  T
	OK bool
}

func CaseRecv[T any](c <-chan T) *RecvCase[T] { return &RecvCase[T]{c: c} }

func (x *SendCase[T]) native() reflect.SelectCase {
	return reflect.SelectCase{Dir: reflect.SelectSend, Chan: reflect.ValueOf(x.c), Send: reflect.ValueOf(&x.v).Elem()}
}
func (x *SendCase[T]) received(reflect.Value, bool) {}
func (x *RecvCase[T]) native() reflect.SelectCase {
	return reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(x.c)}
}
func (x *RecvCase[T]) received(v reflect.Value, ok bool) {
	x.OK = ok
	reflect.ValueOf(&x.V).Elem().Set(v)
}

func Select(hasDefault bool, cases ...Case) int {
	list := make([]reflect.SelectCase, 0, len(cases)+1)
	for _, c := range cases {
		list = append(list, c.native())
	}
	if hasDefault {
		list = append(list, reflect.SelectCase{Dir: reflect.SelectDefault})
	}
	i, v, ok := reflect.Select(list)
	if i == len(cases) {
		return -1
	}
	cases[i].received(v, ok)
	return i
}
