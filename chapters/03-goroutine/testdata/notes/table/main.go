// Command table is the Go side of the table in the notes.
package main

import (
	"fmt"
	"sync"
)

func shrink(photo string, quality int) { fmt.Println("shrinking", photo, quality) }

type shrinker struct {
	photo  string
	result int
}

func (s *shrinker) run() { s.result = len(s.photo) }

func main() {
	done := make(chan struct{})
	go func() {
		defer close(done)
		shrink("cat.jpg", 80)
	}()
	<-done // join
	select {
	case <-done:
		fmt.Println("ended")
	default:
		fmt.Println("alive")
	}

	s := &shrinker{photo: "cat.jpg"}
	var wg sync.WaitGroup
	wg.Go(s.run)
	wg.Wait()
	fmt.Println(s.result)

	wg.Go(func() {
		defer func() {
			if value := recover(); value != nil {
				fmt.Println("in careless:", value)
			}
		}()
		var photos []string
		fmt.Println(photos[0])
	})
	wg.Wait()
	fmt.Println("main has more to do")
}
