// Package joinmissed waits until all tasks are done on a condition that is signalled
// without the lock, after the count went down in another section, and only if somebody
// seemed to wait.
//
// want: deadlock
package joinmissed

import (
	"sync"
	"testing"
)

type queue struct {
	mu         sync.Mutex
	done       *sync.Cond
	unfinished int
	joining    bool
}

func (q *queue) taskDone() {
	q.mu.Lock()
	q.unfinished--
	wake := q.unfinished == 0 && q.joining
	q.mu.Unlock()
	if wake {
		q.done.Broadcast()
	}
}

func (q *queue) left() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.unfinished
}

func (q *queue) join() {
	for q.left() > 0 {
		q.mu.Lock()
		q.joining = true
		q.done.Wait()
		q.mu.Unlock()
	}
}

// Scenario joins a queue of two tasks.
func Scenario(t *testing.T) {
	q := &queue{unfinished: 2}
	q.done = sync.NewCond(&q.mu)
	var wg sync.WaitGroup
	wg.Go(q.taskDone)
	wg.Go(q.taskDone)
	wg.Go(q.join)
	wg.Wait()
}
