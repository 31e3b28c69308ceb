// Command inside lets goroutines count themselves in.
package main

import (
	"fmt"
	"sync"
)

// region main
func download(wg *sync.WaitGroup, file string) {
	wg.Add(1)
	defer wg.Done()
	fmt.Println("downloaded", file)
}

func main() {
	var wg sync.WaitGroup
	for _, file := range []string{"a.iso", "b.iso", "c.iso"} {
		go download(&wg, file)
	}
	wg.Wait()
	fmt.Println("everything is there")
}

// endregion
