// Command twice sets an event that is a channel, from two goroutines.
package main

import (
	"fmt"
	"sync"
	"time"
)

// region event
type Event struct{ told chan struct{} }

func (e *Event) Set() {
	select {
	case <-e.told: // closed already
	default:
		writeLog()
		close(e.told)
	}
}

func (e *Event) Wait() { <-e.told }

// endregion

func writeLog() { time.Sleep(10 * time.Millisecond) }

func main() {
	// region main
	stop := &Event{told: make(chan struct{})}
	var wg sync.WaitGroup
	wg.Go(stop.Set) // somebody pressed Ctrl-C
	wg.Go(stop.Set) // and the connection broke
	stop.Wait()
	wg.Wait()
	fmt.Println("stopped")
	// endregion
}
