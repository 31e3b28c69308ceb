// Package selectspin hands over items as soon as somebody receives: it tries again and again.
package selectspin

import (
	"runtime"
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
			runtime.Gosched()
		}
	}
}

// Scenario has a receiver who comes late each time, and then is not kept waiting.
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
