package main

import "sync"

type worker struct {
	id  int
	out chan<- any
}

func (w worker) report(args ...any)       { w.out <- append([]any{w.id}, args...) }
func (w *worker) pointer(a int, b string) { w.out <- []any{w.id, a, b} }
func deliver[T any](c chan<- any, v T) T  { c <- v; return v }
func deliverAll(c chan<- any, vs ...int)  { c <- vs }
func pair() (chan<- any, int)             { return results, 42 }
func takeBool(c chan<- any, f flag)       { c <- f }
func takeByte(c chan<- any, b uint8)      { c <- b }
func takeFunc(c chan<- any, f func(int) int) {
	c <- f(1)
}

type handler interface{ report(args ...any) }

func identity[T any](v T) T { return v }

var results = make(chan any, 10)

var _ = add("go/forms", func(p printer) {
	c := make(chan any)
	go func() { c <- "literal" }()
	p(<-c)
	go func(a int, b ...string) {
		c <- len(b) + a
	}(1, "x", "y")
	p(<-c)
	go func() (int, error) {
		c <- "result"
		return 0, nil
	}()
	p(<-c)
	w := worker{1, c}
	go w.report("a", 2)
	w.id = 2
	p(<-c)
	go w.report([]any{1, 2}...)
	p(<-c)
	go w.pointer(3, "z")
	p(<-c)
	go deliver(c, 1.5)
	p(<-c)
	go deliver[any](c, nil)
	p(<-c)
	go deliverAll(c)
	p(<-c)
	go deliverAll(c, []int{1, 2}...)
	p(<-c)
	go deliverAll(c, 1, len("ab"))
	p(<-c)
	go deliver(pair())
	p(<-results)
	n := 2
	go takeBool(c, n == 2)
	p(<-c)
	go takeByte(c, 1<<n)
	p(<-c)
	go takeFunc(c, identity)
	p(<-c)
	var h handler = w
	go h.report()
	p(<-c)
	fs := []func(){func() { c <- "from slice" }}
	go fs[0]()
	fs[0] = nil
	p(<-c)
	go (func() { c <- "parenthesis" })()
	p(<-c)
	go worker.report(w, "expression")
	p(<-c)
	go func(
		a, b int,
	) {
		c <- a + b
	}(
		n,
		n+1,
	)
	p(<-c)
	x := make(chan int, 1)
	go func(v int, ok bool) { c <- v }(func() (int, bool) { v, ok := <-filled(3); return v, ok }())
	p(<-c)
	x <- 5
	go func(v int) { c <- v }(<-x)
	p(<-c)
})

var _ = add("go/builtins", func(p printer) {
	c := make(chan bool)
	go close(c)
	<-c
	m := map[int]int{1: 1}
	var wg sync.WaitGroup
	wg.Add(1)
	go wg.Done()
	wg.Wait()
	go delete(m, 1+
		1)
	go print()
	wg.Add(1)
	go func() {
		defer wg.Done()
		go wg.Add(0)
	}()
	wg.Wait()
	var once sync.Once
	done := make(chan bool)
	go once.Do(func() {
		close(done)
	})
	<-done
	var a [2]int
	go copy(a[:], []int{1})
	clear(m)
})

var _ = add("go/labels", func(p printer) {
	c := make(chan int)
	i := 0
again:
	go func(i int) { c <- i }(i)
	p(<-c)
	if i++; i < 2 {
		goto again
	}
	switch {
	case true:
		go func() { c <- 1 }()
		fallthrough
	case false:
		p(<-c)
	}
})
