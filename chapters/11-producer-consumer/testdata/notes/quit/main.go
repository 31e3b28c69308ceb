// Command quit takes the first thing that comes out of a pipeline, and goes.
package main

import (
	"fmt"
	"runtime"
	"time"
)

// region first
func firstGood() string {
	baked, good := make(chan string), make(chan string)
	go func() {
		defer close(baked)
		for i := range 1000 {
			baked <- fmt.Sprintf("roll number %d", i+1)
		}
	}()
	go func() {
		defer close(good)
		for roll := range baked {
			good <- roll // they are all good
		}
	}()
	return <-good
}

// endregion

func main() {
	// region main
	for range 3 {
		fmt.Println("breakfast:", firstGood())
	}
	time.Sleep(50 * time.Millisecond)
	fmt.Println("goroutines that are left behind:", runtime.NumGoroutine()-1)
	// endregion
}
