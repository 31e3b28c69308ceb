// Package sendonclosed lets each of two producers close the channel when it has
// sent its own item.
//
// want: panic
package sendonclosed

import (
	"sync"
	"testing"
)

type outbox struct {
	mu    sync.Mutex
	items chan int
}

func (o *outbox) produce(v int) {
	o.mu.Lock()
	o.items <- v
	o.mu.Unlock()
}

func (o *outbox) end(last bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if last {
		close(o.items)
	}
}

// Scenario has two producers; the second takes itself for the last.
func Scenario(t *testing.T) {
	o := &outbox{items: make(chan int, 2)}
	var wg sync.WaitGroup
	for i := range 2 {
		wg.Go(func() {
			o.produce(i)
			o.end(i == 1)
		})
	}
	wg.Wait()
	n := 0
	for range o.items {
		n++
	}
	if n != 2 {
		t.Errorf("got %d items, want 2", n)
	}
}
