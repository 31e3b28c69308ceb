// Command panic has one goroutine in trouble, and one in main that is not.
package main

import (
	"fmt"
	"time"
)

// region main
func main() {
	go func() {
		var photos []string
		fmt.Println(photos[0])
	}()
	time.Sleep(100 * time.Millisecond)
	fmt.Println("main has more to do")
}

// endregion
