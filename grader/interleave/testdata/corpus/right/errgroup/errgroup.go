// Package errgroup runs three tasks under golang.org/x/sync/errgroup; one fails and
// the others see their context end.
package errgroup

import (
	"context"
	"errors"
	"testing"

	"golang.org/x/sync/errgroup"
)

// Scenario fails one of three tasks.
func Scenario(t *testing.T) {
	errBad := errors.New("bad")
	group, ctx := errgroup.WithContext(context.Background())
	group.SetLimit(2)
	group.Go(func() error { return errBad })
	for range 2 {
		group.Go(func() error {
			<-ctx.Done()
			return ctx.Err()
		})
	}
	if err := group.Wait(); !errors.Is(err, errBad) {
		t.Errorf("Wait returned %v, want %v", err, errBad)
	}
}
