// Command captured lets two goroutines use one err.
package main

import (
	"errors"
	"fmt"
	"sync"
	"time"
)

var errDisk = errors.New("disk full")

func save(photo int) error {
	if photo == 1 {
		return errDisk
	}
	time.Sleep(10 * time.Millisecond) // the disk is slow, as long as there is room
	return nil
}

// region save
func saveAll(photos int) error {
	var err error
	var wg sync.WaitGroup
	for photo := range photos {
		wg.Go(func() {
			err = save(photo) // not :=
		})
	}
	wg.Wait()
	return err
}

// endregion

func main() {
	fmt.Println("saved:", saveAll(2))
}
