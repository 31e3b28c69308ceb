// Package stealdeque is a work-stealing deque whose owner takes the last task without
// competing for it: owner and thief may both get it. What it leaves out of Chase and
// Lev's deque (SPAA 2005) is the owner's compare-and-swap.
//
// want: wrong result
package stealdeque

import (
	"sync"
	"sync/atomic"
	"testing"
)

const none = -1

type deque struct {
	top, bottom atomic.Int64
	tasks       [4]atomic.Int64
}

func (d *deque) push(task int64) {
	b := d.bottom.Load()
	d.tasks[b].Store(task)
	d.bottom.Store(b + 1)
}

func (d *deque) take() int64 {
	b := d.bottom.Add(-1)
	if d.top.Load() > b {
		d.bottom.Store(b + 1)
		return none
	}
	return d.tasks[b].Load()
}

func (d *deque) steal() int64 {
	top := d.top.Load()
	if top >= d.bottom.Load() {
		return none
	}
	task := d.tasks[top].Load()
	if !d.top.CompareAndSwap(top, top+1) {
		return none
	}
	return task
}

// Scenario takes and steals from a deque of two tasks.
func Scenario(t *testing.T) {
	var d deque
	d.push(0)
	d.push(1)
	var times [2]atomic.Int32
	run := func(task int64) {
		if task != none {
			if n := times[task].Add(1); n > 1 {
				t.Errorf("task %d runs %d times", task, n)
			}
		}
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		run(d.take())
		run(d.take())
	})
	wg.Go(func() { run(d.steal()) })
	wg.Wait()
}
