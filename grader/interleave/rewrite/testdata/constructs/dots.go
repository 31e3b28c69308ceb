package main

import (
	. "sync"
	. "sync/atomic"
	. "time"
)

type dotted struct{ Mutex }

var _ = add("dot imports", func(p printer) {
	var d dotted
	d.Lock()
	defer d.Unlock()
	Sleep(1)
	<-After(1)
	OnceFunc(func() { p("once") })()
	var n int64
	p(AddInt64(&n, 1))
	var v Int64
	v.Add(2)
	p(v.Load())
})
