// Package peekthenremove gets an item from a queue by looking at it in one lock
// section and removing it in another: two goroutines may get the same item, and an
// item may get lost. No single result is absurd; no order explains them all.
//
// want: wrong result
package peekthenremove

import (
	"sync"
	"testing"

	"lockstep/grader/interleave/linearize"
)

type queue struct {
	mu    sync.Mutex
	items []int
}

func (q *queue) Put(v int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.items = append(q.items, v)
}

func (q *queue) peek() (int, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.items) == 0 {
		return 0, false
	}
	return q.items[0], true
}

func (q *queue) Get() (int, bool) {
	v, ok := q.peek()
	if !ok {
		return 0, false
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.items) > 0 {
		q.items = q.items[1:]
	}
	return v, true
}

// Scenario gets from two goroutines what a third puts.
func Scenario(t *testing.T) {
	var q queue
	h := linearize.New(linearize.FIFO(0))
	var wg sync.WaitGroup
	for _, name := range []string{"Ann", "Bob"} {
		c := h.Client(name)
		wg.Go(func() { c.Call("Get").Return(q.Get()) })
	}
	producer := h.Client("producer")
	wg.Go(func() {
		for v := range 2 {
			put := producer.Call("Put", v)
			q.Put(v)
			put.Return()
		}
	})
	wg.Wait()
	h.Check(t)
}
