// Command table is the Go side of the table in the notes.
package main

import (
	"context"
	"fmt"
	"sync"
	"time"
)

func main() {
	ready := make(chan struct{})
	select {
	case <-ready:
		fmt.Println("too early")
	case <-time.After(10 * time.Millisecond):
		fmt.Println("gave up")
	}
	time.AfterFunc(10*time.Millisecond, func() { close(ready) })
	<-ready
	select {
	case <-ready:
		fmt.Println("it is set")
	default:
		fmt.Println("it is not set")
	}
	ready = make(chan struct{}) // only if nobody else looks at the variable

	var wg sync.WaitGroup
	wg.Add(2)
	for range 2 {
		go wg.Done()
	}
	wg.Wait()

	ctx, cancel := context.WithCancel(context.Background())
	go cancel()
	<-ctx.Done()
	cancel() // twice does no harm
	fmt.Println(ctx.Err())
}
