// Package chanspin has three who wait for a variable: they take its lock, which is a channel,
// and look, again and again. One of them gives up at its time.
package chanspin

import (
	"context"
	"runtime"
	"sync"
	"testing"
	"time"
)

type lock chan struct{}

func (l lock) Lock() { l <- struct{}{} }

func (l lock) Unlock() { <-l }

type event struct {
	mu  lock
	set bool
}

func (e *event) isSet() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.set
}

func (e *event) wait(ctx context.Context) error {
	for !e.isSet() {
		if err := ctx.Err(); err != nil {
			return err
		}
		runtime.Gosched()
	}
	return nil
}

// Scenario sets the event when one has given up.
func Scenario(t *testing.T) {
	e := event{mu: make(lock, 1)}
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { e.wait(context.Background()) })
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if err := e.wait(ctx); err == nil {
		t.Error("the event is set, and nobody has")
	}
	e.mu.Lock()
	e.set = true
	e.mu.Unlock()
	wg.Wait()
}
