// Package pipelineleak reads only the first result of a pipeline and returns: the
// stages upstream are blocked in their sends for ever.
//
// want: leak
package pipelineleak

import (
	"testing"
)

func generate(n int) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for i := range n {
			out <- i + 1
		}
	}()
	return out
}

func square(in <-chan int) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for v := range in {
			out <- v * v
		}
	}()
	return out
}

// Scenario takes the first of three squares.
func Scenario(t *testing.T) {
	if v := <-square(generate(3)); v != 1 {
		t.Errorf("first square is %d, want 1", v)
	}
}
