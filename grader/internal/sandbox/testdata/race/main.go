// Command race has a data race, says so far as the race runtime lets it, and ends.
package main

import "fmt"

func main() {
	n := 0
	done := make(chan bool)
	go func() {
		n++
		close(done)
	}()
	n++
	<-done
	fmt.Println("done")
}
