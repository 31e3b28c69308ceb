// Package stealdeque is Chase and Lev's work-stealing deque (SPAA 2005) on an array
// that does not grow.
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
	top := d.top.Load()
	if top > b {
		d.bottom.Store(top)
		return none
	}
	task := d.tasks[b].Load()
	if top == b { // the last one: compete for it with the thieves
		if !d.top.CompareAndSwap(top, top+1) {
			task = none
		}
		d.bottom.Store(top + 1)
	}
	return task
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

// Scenario takes and steals from a deque of two tasks, with two thieves.
func Scenario(t *testing.T) {
	var d deque
	d.push(0)
	d.push(1)
	var times [2]atomic.Int32
	run := func(task int64) {
		if task != none {
			times[task].Add(1)
		}
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		run(d.take())
		run(d.take())
	})
	wg.Go(func() { run(d.steal()) })
	wg.Go(func() { run(d.steal()) })
	wg.Wait()
	for d.top.Load() < d.bottom.Load() {
		run(d.take())
	}
	for task := range times {
		if n := times[task].Load(); n != 1 {
			t.Errorf("task %d ran %d times, want 1", task, n)
		}
	}
}
