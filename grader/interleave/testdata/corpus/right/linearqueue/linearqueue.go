// Package linearqueue is a queue whose operations are one lock section each: an order
// explains all results.
package linearqueue

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

func (q *queue) Get() (int, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.items) == 0 {
		return 0, false
	}
	v := q.items[0]
	q.items = q.items[1:]
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
