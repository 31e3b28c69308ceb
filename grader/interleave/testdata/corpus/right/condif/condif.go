// Package condif waits for an item in a loop, as sync.Cond asks for.
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
	for len(q.items) == 0 {
		q.nonempty.Wait()
	}
	v := q.items[0]
	q.items = q.items[1:]
	return v
}

// Scenario gets two items with two consumers while they are put.
func Scenario(t *testing.T) {
	q := newQueue()
	got := make([]int, 2)
	var wg sync.WaitGroup
	for i := range got {
		wg.Go(func() { got[i] = q.get() })
	}
	q.put(1)
	q.put(2)
	wg.Wait()
	if got[0]+got[1] != 3 {
		t.Errorf("got %v, want 1 and 2", got)
	}
}
