// Command loop is the kernel of a bug that kept Docker from starting.
package main

import (
	"fmt"
	"sync"
)

func restore(plugin string) { fmt.Println("restored", plugin) }

func main() {
	// region main
	plugins := []string{"volumes", "networks"}
	var group sync.WaitGroup
	group.Add(len(plugins))
	for _, p := range plugins {
		go func() {
			defer group.Done()
			restore(p)
		}()
		group.Wait()
	}
	fmt.Println("ready")
	// endregion
}
