// Package condif waits for an item with if instead of for: a consumer that is
// woken finds the queue emptied by another one.
//
// want: panic
package condif

import (
	"sync"
	"testing"
)

type queue struct {
	mu       sync.Mutex
	nonempty *sync.Cond
	items    []int
}

func newQueue() *queue {
	q := &queue{}
	q.nonempty = sync.NewCond(&q.mu)
	return q
}

func (q *queue) put(v int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.items = append(q.items, v)
	q.nonempty.Signal()
}

func (q *queue) get() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.items) == 0 {
		q.nonempty.Wait()
	}
	v := q.items[0]
	q.items = q.items[1:]
	return v
}

// Scenario gets two items with two consumers while they are put.
func Scenario(t *testing.T) {
	q := newQueue()
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { q.get() })
	}
	q.put(1)
	q.put(2)
	wg.Wait()
}
