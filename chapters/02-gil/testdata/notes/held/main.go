// Command held downloads three pages under a lock that is meant to make it safe.
package main

import (
	"fmt"
	"sync"
	"time"
)

// region thread
var interpreter sync.Mutex // only one thread at a time uses the interpreter

func thread(page string) {
	interpreter.Lock()
	defer interpreter.Unlock()
	text := download(page)
	pages = append(pages, text)
}

// endregion

var pages []string

// download waits for a server, as one does.
func download(page string) string {
	time.Sleep(100 * time.Millisecond)
	return "the text of " + page
}

func main() {
	// region main
	start := time.Now()
	var wg sync.WaitGroup
	for _, page := range []string{"a", "b", "c"} {
		wg.Go(func() { thread(page) })
	}
	wg.Wait()
	fmt.Println(len(pages), "pages, 100 ms each, side by side:", time.Since(start).Round(100*time.Millisecond))
	// endregion
}
