// Package wrongwaiter is a queue with room for one whose putters and getters wait on
// one condition and are all woken by each change.
package wrongwaiter

import (
	"sync"
	"testing"
)

type queue struct {
	mu      sync.Mutex
	changed *sync.Cond
	items   []int
}

func (q *queue) put(v int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == 1 {
		q.changed.Wait()
	}
	q.items = append(q.items, v)
	q.changed.Broadcast()
}

func (q *queue) get() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == 0 {
		q.changed.Wait()
	}
	v := q.items[0]
	q.items = q.items[:0]
	q.changed.Broadcast()
	return v
}

// Scenario has two putters and two getters.
func Scenario(t *testing.T) {
	q := &queue{}
	q.changed = sync.NewCond(&q.mu)
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
