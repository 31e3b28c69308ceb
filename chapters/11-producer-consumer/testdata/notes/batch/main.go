// Command batch packs what comes in bags of three.
package main

import "fmt"

// region pack
func pack(rolls <-chan int, deliver func([]int)) {
	var bag []int
	for roll := range rolls {
		bag = append(bag, roll)
		if len(bag) == 3 {
			deliver(bag)
			bag = nil
		}
	}
}

// endregion

func main() {
	rolls := make(chan int)
	go func() {
		defer close(rolls)
		for roll := range 8 {
			rolls <- roll + 1
		}
	}()
	pack(rolls, func(bag []int) { fmt.Println("delivered:", bag) })
}
