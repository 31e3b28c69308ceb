// Package cancelleak returns when its context is cancelled while the goroutine it
// started still has a result to hand over on an unbuffered channel.
//
// want: leak
package cancelleak

import (
	"context"
	"testing"
)

func fetch(ctx context.Context, load func() int) (int, error) {
	result := make(chan int)
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
