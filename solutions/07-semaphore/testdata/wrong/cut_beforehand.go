// want: fail in TestForEachSideBySide, fail in TestForEachStops

// Each worker gets its share of the items beforehand: one who is done early does not help the others.
package semaphore

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
)

var (
	// ErrReleased says that more is given back than has been taken.
	ErrReleased = errors.New("released more than was acquired")
	// ErrTooLarge says that more is asked for than there will ever be.
	ErrTooLarge = errors.New("asked for more than there is")
)

// A Semaphore is a Weighted from which everybody takes one.
type Semaphore struct{ *Weighted }

func New(permits int) *Semaphore { return &Semaphore{NewWeighted(permits)} }

func (s *Semaphore) Acquire(ctx context.Context) error { return s.Weighted.Acquire(ctx, 1) }

func (s *Semaphore) TryAcquire() bool { return s.Weighted.TryAcquire(1) }

func (s *Semaphore) Release() error { return s.Weighted.Release(1) }

// ForEach cuts the items into as many shares as may run at the same time.
func ForEach[T any](ctx context.Context, limit int, items []T, work func(item T)) error {
	limit = min(limit, len(items))
	var wg sync.WaitGroup
	var left atomic.Bool
	for k := range limit {
		wg.Go(func() {
			for _, item := range items[k*len(items)/limit : (k+1)*len(items)/limit] {
				if ctx.Err() != nil {
					left.Store(true)
					return
				}
				work(item)
			}
		})
	}
	wg.Wait()
	if left.Load() {
		return ctx.Err()
	}
	return nil
}

type ticket struct {
	n     int
	yours chan struct{}
}

type state struct {
	free int
	line []*ticket
}

func (st *state) serve() {
	for len(st.line) > 0 && st.line[0].n <= st.free {
		st.free -= st.line[0].n
		close(st.line[0].yours)
		st.line = st.line[1:]
	}
}

type Weighted struct {
	size  int
	state chan *state
}

func NewWeighted(size int) *Weighted {
	w := &Weighted{size: size, state: make(chan *state, 1)}
	w.state <- &state{free: size}
	return w
}

func (w *Weighted) Acquire(ctx context.Context, n int) error {
	if n > w.size {
		return ErrTooLarge
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	st := <-w.state
	me := &ticket{n: n, yours: make(chan struct{})}
	st.line = append(st.line, me)
	st.serve()
	w.state <- st
	select {
	case <-me.yours:
		return nil
	case <-ctx.Done():
	}
	st = <-w.state
	defer func() { w.state <- st }()
	if i := slices.Index(st.line, me); i >= 0 {
		st.line = slices.Delete(st.line, i, i+1)
	} else {
		st.free += n
	}
	st.serve()
	return ctx.Err()
}

func (w *Weighted) TryAcquire(n int) bool {
	st := <-w.state
	defer func() { w.state <- st }()
	if len(st.line) > 0 || st.free < n {
		return false
	}
	st.free -= n
	return true
}

func (w *Weighted) Release(n int) error {
	st := <-w.state
	defer func() { w.state <- st }()
	if n > w.size-st.free {
		return ErrReleased
	}
	st.free += n
	st.serve()
	return nil
}
