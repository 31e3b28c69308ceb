// Package generics moves values of several types through generic channels, futures
// and named channel types.
package generics

import (
	"sync"
	"testing"
)

type future[T any] struct {
	done  chan struct{}
	value T
}

func async[T any](f func() T) *future[T] {
	fut := &future[T]{done: make(chan struct{})}
	go func() {
		defer close(fut.done)
		fut.value = f()
	}()
	return fut
}

func (f *future[T]) get() T {
	<-f.done
	return f.value
}

type pipe[T any] chan T

func forward[C ~chan T, T any](from <-chan T, to C) {
	defer close(to)
	for v := range from {
		to <- v
	}
}

// Scenario gets two futures and forwards two values.
func Scenario(t *testing.T) {
	number := async(func() int { return 7 })
	text := async(func() string { return "seven" })
	in, out := make(pipe[int]), make(pipe[int], 1)
	var wg sync.WaitGroup
	wg.Go(func() {
		defer close(in)
		in <- number.get()
		in <- len(text.get())
	})
	go forward(in, out)
	sum := 0
	for v := range out {
		sum += v
	}
	wg.Wait()
	if sum != 12 {
		t.Errorf("sum is %d, want 12", sum)
	}
}
