// Package casspin has three who wait for a variable: they take its lock, which is their own,
// and look, again and again. One of them gives up, and nobody sets it.
//
// want: no progress
package casspin

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

type lock struct{ held atomic.Bool }

func (l *lock) Lock() {
	for !l.held.CompareAndSwap(false, true) {
		runtime.Gosched()
	}
}

func (l *lock) Unlock() { l.held.Store(false) }

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

// Scenario waits for the others when one has given up.
func Scenario(t *testing.T) {
	var e event
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { e.wait(context.Background()) })
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if err := e.wait(ctx); err == nil {
		t.Error("the event is set, and nobody has")
	}
	wg.Wait()
}
