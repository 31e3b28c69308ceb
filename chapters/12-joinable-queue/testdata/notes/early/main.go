// Command early counts the pages that are to be visited.
package main

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

var site = map[string][]string{
	"index": {"news", "shop", "jobs"},
	"shop":  {"hats", "shoes", "belts"},
}

var visited atomic.Int64

func visit(page string) []string {
	time.Sleep(50 * time.Millisecond)
	visited.Add(1)
	return site[page]
}

// save takes a moment.
func save(string) { time.Sleep(10 * time.Millisecond) }

func main() {
	// region main
	var unfinished sync.WaitGroup
	pages := make(chan string, 100)
	put := func(page string) {
		unfinished.Add(1)
		pages <- page
	}
	put("index")
	for range 3 {
		go func() {
			for page := range pages {
				links := visit(page)
				unfinished.Done() // this page is visited
				save(page)
				for _, link := range links {
					put(link)
				}
			}
		}()
	}
	unfinished.Wait()
	fmt.Println("pages visited:", visited.Load(), "of 7")
	// endregion
}
