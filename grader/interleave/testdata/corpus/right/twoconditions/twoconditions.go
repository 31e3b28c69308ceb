// Package twoconditions is a queue with room for one and two putters, two getters and
// two conditions: four goroutines and a Cond, all schedules of which are many.
package twoconditions

import (
	"sync"
	"testing"
)

type queue struct {
	mu       sync.Mutex
	nonempty *sync.Cond
	nonfull  *sync.Cond
	items    []int
}

func (q *queue) put(v int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == 1 {
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
	q.items = q.items[:0]
	q.nonfull.Signal()
	return v
}

// Scenario has two putters and two getters.
func Scenario(t *testing.T) {
	q := &queue{}
	q.nonempty, q.nonfull = sync.NewCond(&q.mu), sync.NewCond(&q.mu)
	var got [2]int
	var wg sync.WaitGroup
	for i := range got {
		wg.Go(func() { got[i] = q.get() })
		wg.Go(func() { q.put(i + 1) })
	}
	wg.Wait()
	if got[0]+got[1] != 3 {
		t.Errorf("got %v, want 1 and 2", got)
	}
}
