// Package boundedqueue is a queue with room for one item, on one lock and two
// conditions: a putter, a getter that waits and a getter that does not.
package boundedqueue

import (
	"sync"
	"testing"
)

type queue struct {
	mu       sync.Mutex
	nonempty *sync.Cond
	nonfull  *sync.Cond
	items    []int
	size     int
}

func newQueue(size int) *queue {
	q := &queue{size: size}
	q.nonempty = sync.NewCond(&q.mu)
	q.nonfull = sync.NewCond(&q.mu)
	return q
}

func (q *queue) put(v int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == q.size {
		q.nonfull.Wait()
	}
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
	q.nonfull.Signal()
	return v
}

// Scenario moves four items through the queue with two putters and two getters.
func Scenario(t *testing.T) {
	q := newQueue(1)
	sums := make([]int, 2)
	var wg sync.WaitGroup
	for i := range sums {
		wg.Go(func() {
			q.put(i + 1)
			q.put(i + 3)
		})
		wg.Go(func() { sums[i] = q.get() + q.get() })
	}
	wg.Wait()
	if sum := sums[0] + sums[1]; sum != 10 {
		t.Errorf("the items make %d, want 10", sum)
	}
}
