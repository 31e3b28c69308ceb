// Package gostatements starts goroutines in every way: builtin, method, method value,
// generic function, variadic, with arguments that change afterwards.
package gostatements

import (
	"sync"
	"testing"
)

type tally struct {
	mu  sync.Mutex
	sum int
}

func (y *tally) add(wg *sync.WaitGroup, values ...int) {
	defer wg.Done()
	y.mu.Lock()
	defer y.mu.Unlock()
	for _, v := range values {
		y.sum += v
	}
}

func send[T any](c chan<- T, v T) { c <- v }

// Scenario adds up what the goroutines were given when they started.
func Scenario(t *testing.T) {
	var y tally
	var wg sync.WaitGroup
	wg.Add(3)
	v := 1
	go y.add(&wg, v, v)
	v = 10
	add := y.add
	go add(&wg, []int{v}...)
	v = 100
	go (*tally).add(&y, &wg)
	c, done := make(chan int, 1), make(chan struct{})
	go send(c, v)
	v = 1000
	wg.Wait()
	go close(done)
	<-done
	if got := y.sum + <-c; got != 112 {
		t.Errorf("sum is %d, want 112", got)
	}
}
