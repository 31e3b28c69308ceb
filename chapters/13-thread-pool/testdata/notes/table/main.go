// Command table is the Go side of the table in the notes.
package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"
)

func square(n int) (int, error) {
	time.Sleep(time.Duration(n) * 10 * time.Millisecond)
	if n == 0 {
		return 0, errors.New("nothing to multiply")
	}
	return n * n, nil
}

func main() {
	type outcome struct {
		value int
		err   error
	}
	future := make(chan outcome, 1) // room for the result, so that nobody need wait for the reader
	go func() {
		value, err := square(3)
		future <- outcome{value, err}
	}()
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	select {
	case o := <-future:
		fmt.Println("result:", o.value, o.err)
	case <-ctx.Done():
		fmt.Println("not yet")
	}
	fmt.Println("result:", (<-future).value)

	var g errgroup.Group
	g.SetLimit(2)
	squares := make([]int, 3)
	for i, n := range []int{3, 1, 2} {
		g.Go(func() (err error) {
			squares[i], err = square(n)
			return err
		})
	}
	err := g.Wait()
	fmt.Println("map:", squares, err)

	completed := make(chan int, 2) // room for all of them
	for _, n := range []int{12, 1} {
		g.Go(func() error {
			value, err := square(n)
			completed <- value
			return err
		})
	}
	for range 2 {
		fmt.Println("as completed:", <-completed)
	}

	g.Go(func() error { _, err := square(0); return err })
	fmt.Println("error:", g.Wait())
}
