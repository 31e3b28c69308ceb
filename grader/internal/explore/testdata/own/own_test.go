package own

import (
	"errors"
	"testing"

	"golang.org/x/sync/errgroup"

	"lockstep/grader/interleave"
)

func TestLeak(t *testing.T) {
	c := make(chan int)
	go func() { c <- 1 }()
}

func TestGroup(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		var g errgroup.Group
		g.Go(func() error { return errors.New("no") })
		if g.Wait() == nil {
			t.Error("want an error")
		}
	})
}
