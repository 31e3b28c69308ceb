// Package contexttimeout waits for a result no longer than a context allows.
package contexttimeout

import (
	"context"
	"errors"
	"testing"
	"time"
)

// Scenario waits for an answer that may come too late.
func Scenario(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Millisecond)
	defer cancel()
	answer := make(chan int, 1)
	go func() {
		time.Sleep(2 * time.Millisecond)
		answer <- 7
	}()
	select {
	case v := <-answer:
		if v != 7 {
			t.Errorf("answer is %d, want 7", v)
		}
	case <-ctx.Done():
		if !errors.Is(ctx.Err(), context.DeadlineExceeded) {
			t.Errorf("context ended by %v", ctx.Err())
		}
	}
}
