// Command closed ends the work while somebody still finds more.
package main

import "time"

// visit finds one more page.
func visit(page string) []string {
	time.Sleep(10 * time.Millisecond)
	return []string{page + "/more"}
}

func main() {
	// region main
	pages := make(chan string, 100)
	pages <- "index"
	go func() {
		for page := range pages {
			for _, link := range visit(page) {
				pages <- link
			}
		}
	}()
	time.Sleep(25 * time.Millisecond)
	close(pages) // enough
	time.Sleep(25 * time.Millisecond)
	// endregion
}
