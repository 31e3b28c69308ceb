// Command flood fetches six pages at once from a server that serves two at a time.
package main

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

var errBusy = errors.New("503 Service Unavailable")

// A server serves two requests at a time and refuses the others.
type server struct{ busy atomic.Int32 }

func (s *server) fetch(page int) error {
	defer s.busy.Add(-1)
	if s.busy.Add(1) > 2 {
		return errBusy
	}
	time.Sleep(20 * time.Millisecond)
	return nil
}

func main() {
	var s server
	var refused atomic.Int32
	// region main
	var wg sync.WaitGroup
	for page := range 6 {
		wg.Go(func() {
			if s.fetch(page) != nil {
				refused.Add(1)
			}
		})
	}
	wg.Wait()
	fmt.Println("pages refused:", refused.Load(), "of 6")
	// endregion
}
