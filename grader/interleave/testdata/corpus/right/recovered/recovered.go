// Package recovered turns a task's panic into an error and lets a lock go on the way;
// another task ends by runtime.Goexit.
package recovered

import (
	"fmt"
	"runtime"
	"sync"
	"testing"
)

type group struct {
	mu   sync.Mutex
	wg   sync.WaitGroup
	errs []error
}

func (g *group) run(task func()) {
	g.wg.Add(1)
	go func() {
		defer g.wg.Done()
		defer func() {
			if p := recover(); p != nil {
				g.mu.Lock()
				defer g.mu.Unlock()
				g.errs = append(g.errs, fmt.Errorf("task panicked: %v", p))
			}
		}()
		task()
	}()
}

// Scenario runs three tasks, one of which panics with a lock held.
func Scenario(t *testing.T) {
	var g group
	var mu sync.Mutex
	n := 0
	g.run(func() {
		mu.Lock()
		defer mu.Unlock()
		n++
		panic("bad")
	})
	g.run(func() {
		mu.Lock()
		defer mu.Unlock()
		n++
	})
	g.run(func() { runtime.Goexit() })
	g.wg.Wait()
	if n != 2 || len(g.errs) != 1 {
		t.Errorf("%d tasks counted and errors %v, want 2 and one error", n, g.errs)
	}
}
