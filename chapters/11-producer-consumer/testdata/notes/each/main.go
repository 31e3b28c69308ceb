// Command each has every producer close the channel when it is done.
package main

import (
	"fmt"
	"time"
)

// region bake
func bake(baker string, rest time.Duration, counter chan<- string) {
	for i := range 2 {
		time.Sleep(rest)
		counter <- fmt.Sprintf("%s's roll number %d", baker, i+1)
	}
	close(counter) // done for today
}

// endregion

func main() {
	// region main
	counter := make(chan string, 4) // room for 4 rolls
	go bake("Ann", 10*time.Millisecond, counter)
	go bake("Bob", 25*time.Millisecond, counter)
	for roll := range counter {
		fmt.Println("sold:", roll)
	}
	fmt.Println("sold out")
	// endregion
	time.Sleep(50 * time.Millisecond) // the shop is being cleaned
}
