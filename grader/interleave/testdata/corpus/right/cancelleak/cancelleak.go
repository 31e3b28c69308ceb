// Package cancelleak gives the result a buffer, so that the goroutine ends even if
// nobody waits for it any more.
package cancelleak

import (
	"context"
	"testing"
)

func fetch(ctx context.Context, load func() int) (int, error) {
	result := make(chan int, 1)
	go func() { result <- load() }()
	select {
	case v := <-result:
		return v, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// Scenario cancels a fetch that is about to end.
func Scenario(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	go cancel()
	v, err := fetch(ctx, func() int { return 7 })
	if err == nil && v != 7 {
		t.Errorf("fetched %d, want 7", v)
	}
}
