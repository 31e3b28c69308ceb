// Package nestedsubmit lets tasks of a bounded pool wait for tasks that they submit
// to the same pool: all workers wait, none works.
//
// want: deadlock
package nestedsubmit

import (
	"sync"
	"testing"
)

type pool struct{ tasks chan func() }

func newPool(workers int, wg *sync.WaitGroup) *pool {
	p := &pool{tasks: make(chan func(), 4)}
	for range workers {
		wg.Go(func() {
			for task := range p.tasks {
				task()
			}
		})
	}
	return p
}

func (p *pool) submit(task func() int) <-chan int {
	result := make(chan int, 1)
	p.tasks <- func() { result <- task() }
	return result
}

// Scenario submits two tasks that each need one more, to two workers.
func Scenario(t *testing.T) {
	var wg sync.WaitGroup
	p := newPool(2, &wg)
	double := func() int { return 2 * <-p.submit(func() int { return 1 }) }
	a, b := p.submit(double), p.submit(double)
	if sum := <-a + <-b; sum != 4 {
		t.Errorf("sum is %d, want 4", sum)
	}
	close(p.tasks)
	wg.Wait()
}
