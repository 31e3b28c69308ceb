// Command plain waits for a plain bool.
package main

import (
	"fmt"
	"time"
)

// region event
type Event struct{ set bool }

func (e *Event) Set() { e.set = true }

func (e *Event) Wait() {
	for !e.set {
		time.Sleep(time.Millisecond)
	}
}

// endregion

func main() {
	// region main
	loaded, config := &Event{}, ""
	go func() {
		config = "port 8080"
		loaded.Set()
	}()
	loaded.Wait()
	fmt.Println("config:", config)
	// endregion
}
