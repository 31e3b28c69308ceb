// Package workerpool runs tasks on two workers and shuts down gracefully: what was
// accepted is done, what comes later is refused.
package workerpool

import (
	"sync"
	"sync/atomic"
	"testing"
)

type pool struct {
	mu     sync.RWMutex
	closed bool
	tasks  chan func()
	wg     sync.WaitGroup
}

func newPool(workers int) *pool {
	p := &pool{tasks: make(chan func())}
	for range workers {
		p.wg.Go(func() {
			for task := range p.tasks {
				task()
			}
		})
	}
	return p
}

func (p *pool) submit(task func()) bool {
	p.mu.RLock()
	defer p.mu.RUnlock()
	if p.closed {
		return false
	}
	p.tasks <- task
	return true
}

func (p *pool) shutdown() {
	p.mu.Lock()
	p.closed = true
	close(p.tasks)
	p.mu.Unlock()
	p.wg.Wait()
}

// Scenario submits twice while the pool shuts down.
func Scenario(t *testing.T) {
	p := newPool(2)
	var done, accepted atomic.Int32
	var wg sync.WaitGroup
	wg.Go(func() {
		for range 2 {
			if p.submit(func() { done.Add(1) }) {
				accepted.Add(1)
			}
		}
	})
	p.shutdown()
	wg.Wait()
	if done.Load() != accepted.Load() {
		t.Errorf("%d tasks done, %d accepted", done.Load(), accepted.Load())
	}
}
