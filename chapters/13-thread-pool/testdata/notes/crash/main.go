// Command crash has two workers, and one bad photo.
package main

import (
	"fmt"
	"sync"
)

func thumbnail(photo int) string {
	if photo == 3 {
		panic("photo 3 has no pixels")
	}
	return fmt.Sprintf("%d.png", photo)
}

func main() {
	photos := make(chan int)
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for photo := range photos {
				thumbnail(photo)
			}
		})
	}
	for photo := range 10 {
		photos <- photo
	}
	close(photos)
	wg.Wait()
	fmt.Println("all done")
}
