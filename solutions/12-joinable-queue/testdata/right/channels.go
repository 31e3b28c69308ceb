// No mutex and no condition: the state is in a channel with room for one, and every change
// closes a channel that those who wait look at. Crawl is one goroutine that hands out and
// collects, and workers that know nothing of each other.
package joinable

import (
	"context"
	"errors"
	"sync"
)

var (
	ErrShutdown = errors.New("queue is shut down")
	ErrDone     = errors.New("more tasks done than taken out")
)

type state[T any] struct {
	tasks   []T
	taken   int
	shut    bool
	changed chan struct{}
}

type Queue[T any] struct{ state chan state[T] }

func New[T any]() *Queue[T] {
	q := &Queue[T]{make(chan state[T], 1)}
	q.state <- state[T]{changed: make(chan struct{})}
	return q
}

// change calls f with the state, and tells everybody if f says that it has changed.
func (q *Queue[T]) change(f func(s *state[T]) bool) {
	s := <-q.state
	if f(&s) {
		close(s.changed)
		s.changed = make(chan struct{})
	}
	q.state <- s
}

func (q *Queue[T]) Put(task T) (err error) {
	q.change(func(s *state[T]) bool {
		if s.shut {
			err = ErrShutdown
			return false
		}
		s.tasks = append(s.tasks, task)
		return true
	})
	return err
}

func (q *Queue[T]) Get(ctx context.Context) (task T, err error) {
	for {
		if err := ctx.Err(); err != nil {
			return task, err
		}
		var later chan struct{}
		q.change(func(s *state[T]) bool {
			switch {
			case len(s.tasks) > 0:
				task = s.tasks[0]
				s.tasks = s.tasks[1:]
				s.taken++
			case s.shut:
				err = ErrShutdown
			default:
				later = s.changed
			}
			return false
		})
		if later == nil {
			return task, err
		}
		select {
		case <-later:
		case <-ctx.Done():
		}
	}
}

func (q *Queue[T]) Done() (err error) {
	q.change(func(s *state[T]) bool {
		if s.taken == 0 {
			err = ErrDone
			return false
		}
		s.taken--
		return true
	})
	return err
}

func (q *Queue[T]) Unfinished() (n int) {
	q.change(func(s *state[T]) bool {
		n = len(s.tasks) + s.taken
		return false
	})
	return n
}

func (q *Queue[T]) Join(ctx context.Context) error {
	for {
		var later chan struct{}
		q.change(func(s *state[T]) bool {
			if len(s.tasks)+s.taken > 0 {
				later = s.changed
			}
			return false
		})
		if later == nil {
			return nil
		}
		select {
		case <-later:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (q *Queue[T]) Shutdown() {
	q.change(func(s *state[T]) bool {
		s.shut = true
		return true
	})
}

func (q *Queue[T]) ShutdownNow() (left []T) {
	q.change(func(s *state[T]) bool {
		left, s.tasks, s.shut = s.tasks, nil, true
		return true
	})
	return left
}

func Crawl[T comparable](ctx context.Context, workers int, start []T, visit func(task T) (found []T, err error)) error {
	type result struct {
		found []T
		err   error
	}
	tasks, results := make(chan T), make(chan result)
	var working sync.WaitGroup
	for range workers {
		working.Go(func() {
			for task := range tasks {
				found, err := visit(task)
				results <- result{found, err}
			}
		})
	}
	defer working.Wait()
	defer close(tasks)

	seen := map[T]bool{}
	var line []T
	add := func(tasks []T) {
		for _, task := range tasks {
			if !seen[task] {
				seen[task] = true
				line = append(line, task)
			}
		}
	}
	add(start)
	var failed error
	for running := 0; len(line) > 0 || running > 0; {
		if failed == nil {
			failed = ctx.Err()
		}
		if failed != nil {
			line = nil
		}
		var out chan T
		var next T
		if len(line) > 0 && running < workers {
			out, next = tasks, line[0]
		}
		if out == nil && running == 0 {
			break
		}
		select {
		case out <- next:
			line = line[1:]
			running++
		case r := <-results:
			running--
			if r.err != nil {
				failed = r.err
			} else {
				add(r.found)
			}
		}
	}
	return failed
}
