// Command empty visits a small web site, and stops when there is nothing to do.
package main

import (
	"fmt"
	"sync/atomic"
	"time"
)

var site = map[string][]string{
	"index": {"news", "shop", "jobs"},
	"shop":  {"hats", "shoes", "belts"},
}

var visited atomic.Int64

func visit(page string) []string {
	time.Sleep(50 * time.Millisecond) // it is a slow site
	visited.Add(1)
	return site[page]
}

func main() {
	// region main
	pages := make(chan string, 100)
	pages <- "index"
	for range 3 {
		go func() {
			for page := range pages {
				for _, link := range visit(page) {
					pages <- link
				}
			}
		}()
	}
	time.Sleep(10 * time.Millisecond)
	for len(pages) > 0 { // there is something to do
		time.Sleep(10 * time.Millisecond)
	}
	fmt.Println("pages visited:", visited.Load(), "of 7")
	// endregion
}
