package main

import (
	"errors"
	"time"
)

func traced[T any](p printer, name string, v T) T { p(name); return v }

func terminates(c <-chan int) int {
	select {
	case v := <-c:
		return v
	}
}

func blocks(stop chan bool) int {
	select {
	case <-stop:
		panic("stopped")
	default:
		return 2
	}
}

func forever() int {
	select {}
}

func jumps(p printer, c chan int) {
	n := 0
again:
	select {
	case v := <-c:
		p(v)
		if n++; n < 2 {
			goto again
		}
		if n == 2 {
			break again
		}
		p("not reached")
	}
	p("after")
}

var _ = add("select/forms", func(p printer) {
	c := filled(1, 2, 3, 4, 5)
	m := map[string]int{}
	var ok bool
	var any1 any
	select {
	case <-c:
		p("one")
	}
	select {
	case m["x"], ok = <-c:
		p(m, ok)
	}
	select {
	case v := <-c: // commented
		p(v)
	}
	select {
	case any1 = (<-c):
	}
	p(any1)
	select {
	case v, ok := <-c:
		p(v, ok)
	default:
	}
	select {
	case v := <-c:
		p(v)
	default:
		p("nothing")
	}
	out := make(chan int, 2)
	select {
	case out <- 7:
		p("sent")
	}
	var nilc chan int
	select {
	case <-nilc:
	case nilc <- 1:
	case v := <-out:
		p(v)
	}
	select {
	case x := <-func() chan int { return filled(9) }():
		p(x)
	}
	p(terminates(filled(4)), blocks(nil))
	_ = forever
	fs := make(chan flag, 1)
	select {
	case fs <- len(m) == 1:
	}
	p(<-fs)
	var e chan<- error = make(chan error, 1)
	select {
	case e <- nil:
		p("nil sent")
	}
	anys := make(chan any, 1)
	select {
	case anys <- 1 << len(m):
	}
	p(<-anys)
})

var _ = add("select/order", func(p printer) {
	a, b := make(chan int), filled(1)
	select {
	case traced(p, "channel a", a) <- traced(p, "value", 1):
	case m := <-traced(p, "channel b", b):
		p(m)
	}
	var x [3]int
	select {
	case x[traced(p, "index", 1)] = <-traced(p, "channel", filled(5)):
	}
	p(x)
	cc := filled(filled(6))
	select {
	case v := <-<-cc:
		p(v)
	}
})

var _ = add("select/lines", func(p printer) {
	c := make(chan request, 1)
	var d chan func() int
	select {
	case c <- request{
		id: 1,
	}:
		p("request")
	case d <- func() int {
		return 1
	}:
		p("never")
	case <-c:
		p("never")
	case v,
		ok := <-c:
		p(v, ok)
	}
	p((<-c).id)
})

var _ = add("select/labels", func(p printer) {
	c := filled(1, 2, 3)
loop:
	for {
		select {
		case v := <-c:
			if v == 1 {
				continue loop
			}
			if v == 2 {
				break
			}
			p("leave")
			break loop
		}
		p("broke")
	}
	c = filled(1)
sel:
	select {
	case <-c:
		for {
			break sel
		}
		p("not reached")
	}
	jumps(p, filled(1, 2, 3))
	c = filled(4, 5)
outer:
	for v := range closed(1, 2) {
		select {
		case w := <-c:
			switch w {
			case 4:
				continue outer
			}
			p(v, w)
		}
	}
})

var _ = add("select/unread", func(p printer) {
	done := make(chan struct{})
	result := make(chan error)
	go func() {
		defer close(done)
		select {
		case result <- errors.New("late"):
		case <-time.After(time.Hour):
		}
	}()
	select {
	case err := <-result:
		p(err)
	case <-done:
	}
	<-done
	func() {
		defer func() { p(recover()) }()
		c := make(chan int)
		close(c)
		select {
		case c <- 1:
		default:
		}
	}()
})
