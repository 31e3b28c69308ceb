// Package wrongwaiter is a queue with room for one whose putters and getters wait on
// one condition and are woken one at a time: a putter's signal may wake another
// putter, which goes back to sleep, and the signal is gone.
//
// want: deadlock
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
	q.changed.Signal()
}

func (q *queue) get() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == 0 {
		q.changed.Wait()
	}
	v := q.items[0]
	q.items = q.items[:0]
	q.changed.Signal()
	return v
}

// Scenario has two putters and two getters.
func Scenario(t *testing.T) {
	q := &queue{}
	q.changed = sync.NewCond(&q.mu)
	var wg sync.WaitGroup
	for v := range 2 {
		wg.Go(func() { q.get() })
		wg.Go(func() { q.put(v) })
	}
	wg.Wait()
}
