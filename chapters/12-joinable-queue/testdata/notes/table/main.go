// Command table is the Go side of the table in the notes.
package main

import (
	"fmt"
	"sync"
)

func main() {
	tasks := make(chan string, 10)
	var unfinished, workers sync.WaitGroup

	workers.Go(func() {
		for task := range tasks {
			fmt.Println("working on", task)
			unfinished.Done()
		}
	})
	unfinished.Add(1)
	tasks <- "index"
	unfinished.Wait()
	close(tasks)
	workers.Wait()
}
