// Command gone starts three goroutines and forgets them.
package main

import "fmt"

func greet(name string) { fmt.Println("hello,", name) }

func main() {
	// region start
	for _, name := range []string{"Ada", "Bob", "Cleo"} {
		go greet(name)
	}
	fmt.Println("all started")
	// endregion
}
