// Package caughterror lets two goroutines assign to one err of the function around
// them. The class is docker#27037.
//
// want: race
package caughterror

import (
	"errors"
	"sync"
	"testing"
)

// Scenario runs two tasks that may fail.
func Scenario(t *testing.T) {
	task := func(i int) error {
		if i == 1 {
			return errors.New("bad")
		}
		return nil
	}
	var err error
	var wg sync.WaitGroup
	for i := range 2 {
		wg.Go(func() {
			if err = task(i); err != nil {
				return
			}
		})
	}
	wg.Wait()
}
