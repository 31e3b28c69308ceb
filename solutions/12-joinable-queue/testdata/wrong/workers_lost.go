// want: fail in TestCrawlSideBySide

// A worker that has found nothing to do leaves, and its place is not given back.
package joinable

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
)

var (
	// ErrShutdown says that the queue has been shut down. In Python: queue.ShutDown.
	ErrShutdown = errors.New("queue is shut down")
	// ErrDone says that more tasks are done than have been taken out. In Python: ValueError.
	ErrDone = errors.New("more tasks done than taken out")
)

// A Queue hands out tasks in the order in which they were put in, and counts those that
// are unfinished. Make one with New; do not copy it.
//
// There is no lock: a call computes the state that follows and swaps it in, or tries again.
type Queue[T any] struct {
	now atomic.Pointer[state[T]]
}

// A state never changes. The tasks in it are those of the nodes after head, up to tail.
type state[T any] struct {
	head, tail *node[T]
	size       int           // how many nodes that are
	taken      int           // have been taken out and are not done
	shut       bool          // nothing can be put in
	old        chan struct{} // is closed when somebody who waits should look again
}

type node[T any] struct {
	task T
	prev atomic.Pointer[node[T]] // until it is the head
	next atomic.Pointer[node[T]] // when somebody has needed it
}

func (s *state[T]) unfinished() int { return s.size + s.taken }

// New returns an empty queue.
func New[T any]() *Queue[T] {
	q := &Queue[T]{}
	n := &node[T]{}
	q.now.Store(&state[T]{head: n, tail: n, old: make(chan struct{})})
	return q
}

// swap replaces s by t, if s is still the state of the queue. If tell is set those who
// wait look again.
func (q *Queue[T]) swap(s *state[T], t state[T], tell bool) bool {
	if tell {
		t.old = make(chan struct{})
	}
	if !q.now.CompareAndSwap(s, &t) {
		return false
	}
	if tell {
		close(s.old)
	}
	return true
}

// second returns the node after s.head, or nil if s is not the state of the queue any more.
// Nodes know those before them; when one does not know the next yet, all are told.
func (s *state[T]) second() *node[T] {
	if n := s.head.next.Load(); n != nil {
		return n
	}
	n := s.tail
	for {
		p := n.prev.Load()
		if p == nil {
			return nil
		}
		p.next.Store(n)
		if p == s.head {
			return n
		}
		n = p
	}
}

// take returns the task of a node, and is called once, by whoever has taken it out.
func (n *node[T]) take() T {
	var none T
	task := n.task
	n.task = none
	n.prev.Store(nil)
	return task
}

// Put puts task in and returns nil, or ErrShutdown.
func (q *Queue[T]) Put(task T) error {
	n := &node[T]{task: task}
	for {
		s := q.now.Load()
		if s.shut {
			return ErrShutdown
		}
		t := *s
		n.prev.Store(s.tail)
		t.tail = n
		t.size++
		if q.swap(s, t, true) {
			return nil
		}
	}
}

// Get takes the next task out and returns it, and waits while there is none.
func (q *Queue[T]) Get(ctx context.Context) (T, error) {
	var none T
	for {
		s := q.now.Load()
		if err := ctx.Err(); err != nil {
			return none, err
		}
		if s.size == 0 {
			if s.shut {
				return none, ErrShutdown
			}
			select {
			case <-s.old:
			case <-ctx.Done():
			}
			continue
		}
		n := s.second()
		if n == nil {
			continue // s is history
		}
		t := *s
		t.head = n
		t.size--
		t.taken++
		if q.swap(s, t, false) {
			return n.take(), nil
		}
	}
}

// Done says that one of the tasks that have been taken out is done.
func (q *Queue[T]) Done() error {
	for {
		s := q.now.Load()
		if s.taken == 0 {
			return ErrDone
		}
		t := *s
		t.taken--
		if q.swap(s, t, t.unfinished() == 0) {
			return nil
		}
	}
}

// Unfinished returns how many tasks are unfinished.
func (q *Queue[T]) Unfinished() int {
	return q.now.Load().unfinished()
}

// Join waits until no task is unfinished, or ctx has ended.
func (q *Queue[T]) Join(ctx context.Context) error {
	for {
		s := q.now.Load()
		if s.unfinished() == 0 {
			return nil
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		select {
		case <-s.old:
		case <-ctx.Done():
		}
	}
}

// Shutdown shuts the queue down.
func (q *Queue[T]) Shutdown() {
	for {
		s := q.now.Load()
		if s.shut {
			return
		}
		t := *s
		t.shut = true
		if q.swap(s, t, true) {
			return
		}
	}
}

// ShutdownNow shuts the queue down, and returns the tasks that were in it.
func (q *Queue[T]) ShutdownNow() []T {
	for {
		s := q.now.Load()
		if s.shut && s.size == 0 {
			return nil
		}
		t := *s
		t.shut = true
		t.head = s.tail
		t.size = 0
		if !q.swap(s, t, true) {
			continue
		}
		left := make([]T, s.size)
		n := s.tail
		for i := s.size - 1; i >= 0; i-- {
			p := n.prev.Load()
			left[i] = n.take()
			n = p
		}
		return left
	}
}

// Crawl calls visit once for each task in start and for each that is found. A worker works
// as long as there is something to do; who finds more than he can do calls others.
func Crawl[T comparable](ctx context.Context, workers int, start []T, visit func(task T) (found []T, err error)) error {
	c := &crawl[T]{ctx: ctx, visit: visit, free: workers, known: make(map[T]bool)}
	c.mu.Lock()
	c.found(start)
	c.mu.Unlock()
	c.busy.Wait()
	if c.err != nil {
		return c.err
	}
	if len(c.todo) > 0 {
		return ctx.Err()
	}
	return nil
}

type crawl[T comparable] struct {
	ctx   context.Context
	visit func(T) ([]T, error)
	busy  sync.WaitGroup // all workers

	mu    sync.Mutex
	free  int // how many more workers there may be
	known map[T]bool
	todo  []T
	err   error // of the first visit that failed
}

// found adds tasks, and workers for them. With c.mu held.
func (c *crawl[T]) found(tasks []T) {
	for _, task := range tasks {
		if !c.known[task] {
			c.known[task] = true
			c.todo = append(c.todo, task)
		}
	}
	for range len(c.todo) {
		if c.free == 0 {
			return
		}
		c.free--
		c.busy.Go(c.work)
	}
}

func (c *crawl[T]) work() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.todo) > 0 && c.err == nil && c.ctx.Err() == nil {
		last := len(c.todo) - 1
		task := c.todo[last]
		c.todo = c.todo[:last]
		c.mu.Unlock()
		found, err := c.visit(task)
		c.mu.Lock()
		if err == nil {
			c.found(found)
		} else if c.err == nil {
			c.err = err
		}
	}
}
