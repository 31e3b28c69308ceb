// Package permit is a semaphore whose Acquire gives up with its context and leaves
// no permit behind.
package permit

import (
	"context"
	"testing"
)

type semaphore chan struct{}

func (s semaphore) acquire(ctx context.Context) error {
	select {
	case s <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s semaphore) release() { <-s }

// Scenario gives up once, or not, and acquires again.
func Scenario(t *testing.T) {
	s := make(semaphore, 1)
	ctx, cancel := context.WithCancel(context.Background())
	go cancel()
	if s.acquire(ctx) == nil {
		s.release()
	}
	if err := s.acquire(context.Background()); err != nil {
		t.Error(err)
	}
	s.release()
}
