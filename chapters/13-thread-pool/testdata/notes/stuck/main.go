// Command stuck has three workers make thumbnails of ten photos.
package main

import "fmt"

func thumbnail(photo int) string { return fmt.Sprintf("%d.png", photo) }

// region worker
func worker(photos <-chan int, thumbnails chan<- string) {
	for photo := range photos {
		thumbnails <- thumbnail(photo)
	}
}

// endregion

func main() {
	// region main
	photos, thumbnails := make(chan int), make(chan string)
	for range 3 {
		go worker(photos, thumbnails)
	}
	for photo := range 10 {
		photos <- photo
	}
	close(photos)
	for range 10 {
		fmt.Println(<-thumbnails)
	}
	// endregion
}
