// Package singleflightmore uses DoChan and Forget, and TryGo of an errgroup.
package singleflightmore

import (
	"testing"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/singleflight"
)

// Scenario loads one key through two channels.
func Scenario(t *testing.T) {
	var flight singleflight.Group
	var group errgroup.Group
	group.SetLimit(1)
	load := func() (any, error) { return 7, nil }
	first := flight.DoChan("key", load)
	tried := group.TryGo(func() error {
		flight.Forget("key")
		return nil
	})
	second := flight.DoChan("key", load)
	for _, c := range []<-chan singleflight.Result{first, second} {
		if r := <-c; r.Val != 7 || r.Err != nil {
			t.Errorf("got %v, %v, want 7", r.Val, r.Err)
		}
	}
	if err := group.Wait(); err != nil || !tried {
		t.Errorf("TryGo %v, Wait %v", tried, err)
	}
}
