// Package selectspin hands over items when somebody receives: it tries once a second.
//
// want: wrong result
package selectspin

import (
	"sync"
	"testing"
	"time"
)

func send(items chan int, v int) {
	for {
		select {
		case items <- v:
			return
		default:
			time.Sleep(time.Second)
		}
	}
}

// Scenario has a receiver who comes late each time, and then is kept waiting.
func Scenario(t *testing.T) {
	items := make(chan int)
	var wg sync.WaitGroup
	const rounds = 6
	wg.Go(func() {
		for v := range rounds {
			send(items, v)
		}
	})
	for range rounds {
		time.Sleep(1200 * time.Millisecond)
		come := time.Now()
		<-items
		if waited := time.Since(come); waited > 100*time.Millisecond {
			t.Errorf("the item came after %v", waited)
		}
	}
	wg.Wait()
}
