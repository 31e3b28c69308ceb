package main

import "time"

type pipe chan int

type request struct {
	id    int
	reply chan<- int
}

func sum[C ~chan E, E int | float64](c C) (n E) {
	for v := range c {
		n += v
	}
	return n
}

func drain[T any](c <-chan T) []T {
	var list []T
	for v := range c {
		list = append(list, v)
	}
	return list
}

func first(c <-chan int) int { return <-c }

func filled[T any](values ...T) chan T {
	c := make(chan T, len(values)+1)
	for _, v := range values {
		c <- v
	}
	return c
}

func closed[T any](values ...T) chan T {
	c := filled(values...)
	defer close(c)
	return c
}

type flag bool

var global = filled(1, 2, 3)

var globalValue, globalOK = <-global

var _ = add("channels/plain", func(p printer) {
	c := make(chan int, 3)
	c <- 1
	c <- first(filled(2))
	c <- 3
	p(len(c), cap(c))
	v, ok := <-c
	p(v, ok)
	p(<-c + (<-c))
	close(c)
	v, ok = (<-c)
	p(v, ok)
	if v, ok := <-c; !ok {
		p(v, "closed")
	}
	switch v := <-c; {
	case v == 0:
		p("zero")
	}
	switch <-c {
	case 0:
		p("zero again")
	}
	<-c
	(<-c)
	p(globalValue, globalOK)
	var a, b any = <-c
	p(a, b)
	var x, y = <-global
	p(x, y)
	var ok2 any
	_, ok2 = <-c
	p(ok2)
	m := map[string]int{}
	i := []bool{false}
	m["k"], i[0] = <-global
	p(m, i)
})

var _ = add("channels/kinds", func(p printer) {
	cc := make(chan chan int, 1)
	c := make(chan int, 1)
	cc <- c
	(<-cc) <- 5
	cc <- c
	p(<-<-cc)
	var named pipe = make(pipe, 2)
	named <- 1
	named <- <-filled(2)
	close(named)
	p(sum(named))
	p(drain(closed("a", "b")))
	p(sum(closed(1.5, 2)))
	send := (chan<- int)(c)
	send <- 6
	p(len(send), len((<-chan int)(c)))
	var receive <-chan int = c
	p(<-receive)
	close(send)
	errs := make(chan error, 1)
	errs <- nil
	p(<-errs)
	anys := make(chan any, 3)
	anys <- 1
	anys <- "x"
	anys <- nil
	p(<-anys, <-anys, <-anys)
	funcs := make(chan func(int) int, 1)
	funcs <- func(i int) int {
		return i + 1
	}
	p((<-funcs)(1))
	structs := make(chan struct{ a, b int }, 1)
	type pair struct{ a, b int }
	structs <- pair{1, 2}
	q := pair(<-structs)
	p(q)
	rs := make(chan request, 1)
	answer := make(chan int, 1)
	rs <- request{
		id:    1,
		reply: answer,
	}
	(<-rs).reply <- 8
	p(<-answer)
	u := make(chan uint8, 1)
	n := 3
	u <- 1 << n
	p(<-u)
	fl := make(chan flag, 1)
	fl <- n == 3
	p(<-fl)
})

var _ = add("channels/range", func(p printer) {
	for v := range closed(1, 2, 3, 4) {
		if v == 2 {
			continue
		}
		if v == 4 {
			break
		}
		v := v * 10
		p(v)
	}
	n := 0
	for range closed("a", "b") {
		n++
	}
	for _ = range closed(1) {
		n++
	}
	p(n)
	var v any
	for v = range closed(7) {
	}
	p(v)
	var s struct{ f [1]int }
	for s.f[0] = range closed(8) {
	}
	p(s)
	var fs []func() int
	for v := range closed(1, 2) {
		fs = append(fs, func() int { return v })
	}
	p(fs[0](), fs[1]())
outer:
	for a := range closed(1, 2, 3) {
		for b := range closed(1, 2, 3) {
			if b == 2 {
				continue outer
			}
			if a == 3 {
				break outer
			}
			p(a, b)
		}
	}
	p(func() int {
		for v := range closed(1, 2) {
			defer p("deferred", v)
			if v == 2 {
				return v
			}
		}
		return 0
	}())
	c := closed(1)
	for c := range c {
		p(c)
	}
})

var _ = add("channels/shadowed", func(p printer) {
	close := func(c chan int) { p("my close") }
	len := func(c chan int) int { return 99 }
	c := filled(1)
	close(c)
	p(len(c), <-c)
	type sync struct{ Mutex int }
	var s sync
	s.Mutex++
	p(s)
	time := struct{ Sleep func(int) }{func(i int) { p("my sleep", i) }}
	time.Sleep(3)
})

var _ = add("channels/closing", func(p printer) {
	c := make(chan int)
	go close(c)
	<-c
	d := make(chan string)
	func() {
		defer close(d)
	}()
	p(<-d)
	(close)(make(chan int))
	defer func() {
		p(recover())
		var n chan int
		defer func() { p(recover()) }()
		close(n)
	}()
	d <- "x"
})

var _ = add("channels/functions", func(p printer) {
	seq := func(yield func(int) bool) {
		for v := range closed(1, 2, 3) {
			if !yield(v) {
				return
			}
		}
	}
	for v := range seq {
		if v == 3 {
			break
		}
		p(v)
	}
	select {
	case <-time.After(time.Millisecond):
		p("later")
	}
})
