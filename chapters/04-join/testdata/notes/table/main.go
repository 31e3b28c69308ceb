// Command table is the Go side of the table in the notes.
package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

func download(string) { time.Sleep(50 * time.Millisecond) }

func main() {
	var wg sync.WaitGroup
	for _, file := range []string{"a", "b"} {
		wg.Go(func() { download(file) })
	}
	ended := make(chan struct{})
	go func() {
		wg.Wait() // one goroutine for the group, not one for each time-out
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(10 * time.Millisecond):
		fmt.Println("still running")
	}
	<-ended

	caught := make(chan any, 1)
	wg.Go(func() {
		defer func() { caught <- recover() }()
		var photos []string
		fmt.Println(photos[0])
	})
	wg.Wait()
	fmt.Println("brought home:", <-caught)

	ctx, cancel := context.WithCancelCause(context.Background())
	wg.Go(func() { cancel(errors.New("disk full")) })
	wg.Go(func() {
		<-ctx.Done()
		fmt.Println("cancelled")
	})
	wg.Wait()
	fmt.Println(context.Cause(ctx))
}
