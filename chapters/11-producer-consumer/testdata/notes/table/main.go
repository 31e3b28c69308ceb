// Command table is the Go side of the table in the notes.
package main

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

func main() {
	counter := make(chan string, 2)
	var bakers, sellers sync.WaitGroup
	var sold atomic.Int64
	for _, baker := range []string{"Ann", "Bob", "Cat"} {
		bakers.Go(func() {
			for i := range 2 {
				counter <- fmt.Sprint(baker, i)
			}
		})
	}
	for range 2 {
		sellers.Go(func() {
			for range counter {
				sold.Add(1)
			}
		})
	}
	bakers.Wait()
	close(counter)
	sellers.Wait()
	fmt.Println("sold:", sold.Load())

	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	oven := make(chan string)
	select {
	case oven <- "one more":
		fmt.Println("somebody took it")
	case <-ctx.Done():
		fmt.Println("nobody came in time")
	}
	select {
	case roll := <-oven: // len(counter) would say how many wait
		fmt.Println(roll)
	case <-time.After(10 * time.Millisecond):
		fmt.Println("nothing came in time")
	}
}
