// Command nobody has no producer close the channel.
package main

import (
	"fmt"
	"sync"
)

func main() {
	// region main
	counter := make(chan string, 4)
	var bakers sync.WaitGroup
	for _, baker := range []string{"Ann", "Bob"} {
		bakers.Go(func() { counter <- baker + "'s roll" })
	}
	bakers.Wait()
	for range counter {
		fmt.Println("sold a roll")
	}
	fmt.Println("sold out")
	// endregion
}
