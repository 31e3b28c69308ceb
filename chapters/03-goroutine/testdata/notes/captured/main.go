// Command captured lets two goroutines use one err.
package main

import (
	"errors"
	"fmt"
	"sync"
)

var errDisk = errors.New("disk full")

func save(photo int) error {
	if photo == 1 {
		return errDisk
	}
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
