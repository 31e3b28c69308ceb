// Package lostpermit acquires with a context by a helper goroutine; when the context
// ends first, the helper takes a permit that nobody gives back.
//
// want: deadlock
package lostpermit

import (
	"context"
	"testing"
)

type semaphore chan struct{}

func (s semaphore) acquire(ctx context.Context) error {
	held := make(chan struct{}, 1)
	go func() {
		s <- struct{}{}
		held <- struct{}{}
	}()
	select {
	case <-held:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s semaphore) release() { <-s }

// Scenario gives up once and acquires again.
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
