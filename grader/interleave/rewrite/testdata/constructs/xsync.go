package main

import (
	"context"
	"errors"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
	sf "golang.org/x/sync/singleflight"
)

var _ = add("x/sync", func(p printer) {
	g, ctx := errgroup.WithContext(context.Background())
	g.SetLimit(1)
	g.Go(func() error { return errors.New("first") })
	p(g.Wait(), ctx.Err())
	s := semaphore.NewWeighted(2)
	p(s.Acquire(context.Background(), 2), s.TryAcquire(1))
	s.Release(2)
	var group sf.Group
	v, err, shared := group.Do("k", func() (any, error) { return 1, nil })
	p(v, err, shared)
})
