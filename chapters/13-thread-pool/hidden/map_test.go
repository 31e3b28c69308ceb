//go:build grade

package hidden

import (
	"context"
	"fmt"
	"io"
	"slices"
	"testing"
	"time"

	pool "lockstep/chapters/13-thread-pool"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// same fails the test unless a Map returned these results and no error.
func same(t *testing.T, got []int, err error, want []int, when string) {
	t.Helper()
	exam.Error(t, "Map(ctx, p, items, f)", err, nil, when)
	if !slices.Equal(got, want) {
		t.Errorf("Map(ctx, p, items, f) = %v, want %v: %s", got, want, when)
	}
}

// failed fails the test unless a Map returned this error and no results.
func failed(t *testing.T, got []int, err, want error, when string) {
	t.Helper()
	exam.Error(t, "Map(ctx, p, items, f)", err, want, when)
	if len(got) != 0 {
		t.Errorf("Map(ctx, p, items, f) = %v, want no results: %s", got, when)
	}
}

// TestMap checks that Map returns the results in the order of the items, whichever is ready first.
//
//grade:todo 13.3
//grade:points 2
//grade:needs TestWorkers TestOrder
func TestMap(t *testing.T) {
	type name struct{}
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(2, 1)
		items := []int{3, 1, 2}
		seen := make([]any, 4)
		got, err := pool.Map(context.WithValue(background, name{}, "Ada"), p, items, func(ctx context.Context, item int) (int, error) {
			seen[item] = ctx.Value(name{})
			time.Sleep(time.Duration(item) * long)
			return 10 * item, ctx.Err() // nil, for Map has not failed
		})
		const when = "of the items 3, 1 and 2, with an f that takes as many times 200ms, and returns ten times as much"
		same(t, got, err, []int{30, 10, 20}, when)
		for _, item := range items {
			exam.Equal(t, fmt.Sprintf("a value of the context of f(ctx, %d)", item), seen[item], any("Ada"), "that of Map's context")
		}
		exam.Equal(t, "items", [3]int(items), [3]int{3, 1, 2}, "they are the caller's")

		got, err = pool.Map(background, p, nil, func(context.Context, int) (int, error) {
			t.Error("f is called, and there are no items")
			return 0, nil
		})
		same(t, got, err, nil, "without items")

		none, err := pool.Map(background, p, items, func(context.Context, int) (error, error) { return nil, nil })
		exam.Error(t, "Map(ctx, p, items, f)", err, nil, "f returns nil and nil")
		if len(none) != len(items) || slices.ContainsFunc(none, func(err error) bool { return err != nil }) {
			t.Errorf("Map(ctx, p, items, f) = %v, want 3 times nil: f returns nil and nil", none)
		}
		p.Close()
		for _, ctx := range []context.Context{background, ended()} {
			got, err = pool.Map(ctx, p, nil, func(context.Context, int) (int, error) { return 0, nil })
			same(t, got, err, nil, fmt.Sprintf("without items; the pool is closed, and ctx.Err() = %v before", ctx.Err()))
		}
	}, few()...)
}

// TestMapUsesThePool checks that the calls of Map are tasks: as many at the same time as there are free workers.
//
//grade:todo 13.3
//grade:points 2
//grade:needs TestMap
func TestMapUsesThePool(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(2, 0)
		both := exam.NewRendezvous(t, 2, "calls of f by Map, with 2 workers")
		var running exam.Peak
		got, err := pool.Map(background, p, []int{1, 2, 3}, func(_ context.Context, item int) (int, error) {
			running.Enter()
			both.Meet()
			running.Leave()
			return item, nil
		})
		same(t, got, err, []int{1, 2, 3}, "f returns its item")
		exam.Equal(t, "calls of f at the same time", running.Most(), 2, "Map with 3 items, 2 workers")
		p.Close()
	}, brief()...)
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 1)
		gate := newGate()
		gate.occupy(t, p)
		var calls exam.Count
		go func() {
			settle()
			exam.Equal(t, "calls of f", calls.Load(), 0, "by Map, while the only worker is busy with another task")
			close(gate.open)
		}()
		got, err := pool.Map(background, p, []int{1, 2}, func(_ context.Context, item int) (int, error) {
			calls.Add()
			return item, nil
		})
		same(t, got, err, []int{1, 2}, "f returns its item, when the only worker is free")
		p.Close()
	}, brief()...)
}

// TestMapFails checks that a call that fails ends the contexts of the others, that no more begin, and that Map waits for those that run.
//
//grade:todo 13.3
//grade:points 3
//grade:needs TestMap
func TestMapFails(t *testing.T) {
	for _, backlog := range []int{0, 4} {
		interleave.Explore(t, func(t *testing.T) {
			p := pool.New(2, backlog)
			ended := make([]bool, 5) // each call writes its own place, and Map's caller reads them after
			var began [5]exam.Count
			got, err := pool.Map(endless(), p, []int{0, 1, 2, 3, 4}, func(ctx context.Context, item int) (int, error) {
				began[item].Add()
				defer func() { ended[item] = true }()
				switch item {
				case 0: // fails because of the other
					<-ctx.Done()
					settle()
					return 0, ctx.Err()
				case 1:
					settle() // until the first one has begun
					return 1, io.EOF
				case 2: // may have its turn at that moment
					time.Sleep(long)
				}
				return 2, nil
			})
			const when = "f(1) returns io.EOF, which cancels f(0)"
			failed(t, got, err, io.EOF, when)
			for item, count := range []int{began[0].Load(), began[1].Load(), began[2].Load(), began[3].Load(), began[4].Load()} {
				if count > 0 && !ended[item] {
					t.Errorf("f(%d) is running when Map has returned: %s", item, when)
				}
				if count > 0 && item > 2 {
					t.Errorf("f(%d) was called, want no more calls long after Map has failed: %s", item, when)
				}
			}
			p.Close()
		}, brief()...)
	}
	interleave.Once(t, func(t *testing.T) {
		p := pool.New(many, 0)
		all := exam.NewRendezvous(t, many, "calls of f")
		got, err := pool.Map(background, p, make([]int, many), func(context.Context, int) (int, error) { all.Meet(); return 0, io.EOF })
		failed(t, got, err, io.EOF, fmt.Sprintf("%d calls fail at the same time", many))
		p.Close()
	})
	// No error says more about who failed than another one.
	for _, own := range []error{context.Canceled, context.DeadlineExceeded, pool.ErrCancelled, pool.ErrClosed} {
		interleave.Explore(t, func(t *testing.T) {
			p := pool.New(1, 1)
			got, err := pool.Map(endless(), p, []int{1, 2, 3}, func(ctx context.Context, item int) (int, error) {
				switch item {
				case 1:
					return 1, own
				case 2: // may have its turn at that moment
					time.Sleep(long)
				default:
					t.Errorf("f(%d) is called, want no more calls long after f(1) has returned an error: %v", item, own)
				}
				return item, nil
			})
			failed(t, got, err, own, "f(1) returns this error of its own, while the pool is open and ctx has not ended")
			p.Close()
		}, few()...)
	}
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(2, 0)
		begun, over := make(chan struct{}), make(chan struct{})
		exam.Together(
			func() {
				got, err := pool.Map(endless(), p, []int{1, 2}, func(ctx context.Context, item int) (int, error) {
					if item == 1 {
						close(begun)
						<-over
					}
					return item, ctx.Err()
				})
				same(t, got, err, []int{1, 2}, "f returns its item; while f(1) runs another Map on the same pool fails")
			},
			func() {
				<-begun
				got, err := pool.Map(endless(), p, []int{1}, func(context.Context, int) (int, error) { return 1, io.EOF })
				failed(t, got, err, io.EOF, "f(1) returns io.EOF; another Map on the same pool does not fail")
				close(over)
			},
		)
		p.Close()
	}, brief()...)
}

// TestMapStops checks that Map fails when a call panics, when ctx ends, and when the pool is closed.
//
//grade:todo 13.3
//grade:points 2
//grade:needs TestMapFails TestPanic TestClose TestCancelAtTheStart
func TestMapStops(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(2, 1)
		got, err := pool.Map(background, p, []int{1, 2, 3, 4}, func(ctx context.Context, item int) (int, error) {
			switch item {
			case 1:
				<-ctx.Done()
			case 2:
				settle() // until the first one has begun
				explode()
			case 3: // may have its turn at that moment
				time.Sleep(long)
			case 4:
				t.Error("f(4) is called, want no more calls long after f(2) has panicked")
			}
			return item, nil
		})
		panicked(t, "Map(ctx, p, items, f)", err, "f(2) called panic(io.ErrUnexpectedEOF), which ends the context of f(1)")
		failed(t, got, err, io.ErrUnexpectedEOF, "f(2) panicked")
		p.Close()
	}, brief()...)
	for _, backlog := range []int{0, 2} {
		interleave.Explore(t, func(t *testing.T) {
			p := pool.New(1, backlog)
			ctx, cancel := context.WithTimeoutCause(background, soon, errCause)
			defer cancel()
			finished := 0
			got, err := pool.Map(ctx, p, []int{1, 2, 3}, func(ctx context.Context, item int) (int, error) {
				time.Sleep(long)
				finished = item
				return item, nil
			})
			failed(t, got, err, context.DeadlineExceeded, "ctx ends after 50ms, and f takes 200ms; the pool has 1 worker")
			exam.Equal(t, "the last call of f that has ended", finished, 1, "when Map has returned, whose ctx ended during f(1)")
			p.Close()
		}, few()...)
	}
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 0)
		ctx, cancel := context.WithCancel(background)
		var calls exam.Count
		f := func(_ context.Context, item int) (int, error) {
			calls.Add()
			if item == 2 {
				cancel()
			}
			return item, nil
		}
		got, err := pool.Map(ctx, p, []int{1, 2}, f)
		same(t, got, err, []int{1, 2}, "f(2) ends ctx, but 2 is the last item")
		got, err = pool.Map(ctx, p, []int{1, 2}, f)
		failed(t, got, err, context.Canceled, "ctx had ended before")
		p.Close()
		got, err = pool.Map(background, p, []int{1, 2}, f)
		failed(t, got, err, pool.ErrClosed, "the pool is closed")
		exam.Equal(t, "calls of f", calls.Load(), 2, "when ctx has ended, or the pool is closed, there are no more")
	}, few()...)
	interleave.Explore(t, func(t *testing.T) {
		p, other := pool.New(2, 0), pool.New(1, 0)
		ctx, cancel := context.WithCancel(background)
		got, err := pool.Map(ctx, p, []int{1, 2}, func(inner context.Context, item int) (int, error) {
			if item == 2 {
				settle() // until the first one has begun
				return 2, io.EOF
			}
			got, err := pool.Map(inner, other, []int{1}, func(ctx context.Context, item int) (int, error) {
				<-ctx.Done() // because of f(2)
				return item, ctx.Err()
			})
			failed(t, got, err, context.Canceled, "called by f(1) of another Map, on another pool; ctx is that of f(1), and ends because f(2) returns io.EOF there")
			cancel()
			return 1, nil
		})
		failed(t, got, err, io.EOF, "f(2) returns io.EOF, and ctx ends after that, while f(1) runs")
		p.Close()
		other.Close()
	}, brief()...)
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 1)
		full := make(chan bool, 1) // so it has accepted both calls
		go func() {
			settle()
			ctx, cancel := context.WithTimeout(background, soon)
			defer cancel()
			_, err := pool.Submit(ctx, p, returns(0))
			p.Close()
			full <- err != nil
		}()
		got, err := pool.Map(background, p, []int{1, 2}, func(_ context.Context, item int) (int, error) {
			time.Sleep(long)
			return item, nil
		})
		if <-full {
			same(t, got, err, []int{1, 2}, "the pool is closed during f(1), when it has accepted f(2) as well")
		}
	}, few()...)
	interleave.Explore(t, func(t *testing.T) {
		p := pool.New(1, 0)
		go func() {
			settle()
			p.Close()
		}()
		finished := 0
		got, err := pool.Map(background, p, []int{1, 2}, func(ctx context.Context, item int) (int, error) {
			<-ctx.Done()
			settle()
			finished = item
			return item, nil
		})
		failed(t, got, err, pool.ErrClosed, "the pool is closed while f(1) runs, which waits for the end of its context; f(2) has not been accepted: 1 worker")
		exam.Equal(t, "the last call of f that has ended", finished, 1, "when Map has returned; the pool was closed during f(1)")
	}, brief()...)
}
