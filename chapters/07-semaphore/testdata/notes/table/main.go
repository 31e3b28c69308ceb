// Command table is the Go side of the table in the notes.
package main

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

func main() {
	permits := make(chan struct{}, 2)
	permits <- struct{}{}
	select {
	case permits <- struct{}{}:
		fmt.Println("one more: true")
	default:
		fmt.Println("one more: false")
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	select {
	case permits <- struct{}{}:
		fmt.Println("a third: true")
	case <-ctx.Done():
		fmt.Println("a third: false")
	}
	<-permits
	<-permits

	weighted := semaphore.NewWeighted(2)
	fmt.Println("two at once:", weighted.TryAcquire(2))
	weighted.Release(2)

	var squares [3]int
	var g errgroup.Group
	g.SetLimit(2)
	for i, item := range []int{1, 2, 3} {
		g.Go(func() error {
			squares[i] = item * item
			return nil
		})
	}
	g.Wait()
	fmt.Println(squares)
}
