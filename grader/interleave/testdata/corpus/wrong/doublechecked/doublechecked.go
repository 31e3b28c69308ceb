// Package doublechecked looks at a pointer without the lock before it
// initialises it under the lock.
//
// want: race
package doublechecked

import (
	"sync"
	"testing"
)

type config struct{ name string }

type lazy struct {
	mu  sync.Mutex
	cfg *config
}

func (l *lazy) get() *config {
	if l.cfg == nil {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.cfg == nil {
			l.cfg = &config{name: "default"}
		}
	}
	return l.cfg
}

// Scenario asks for the value in two goroutines.
func Scenario(t *testing.T) {
	var l lazy
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			if l.get().name != "default" {
				t.Error("the value is not initialised")
			}
		})
	}
	wg.Wait()
}
