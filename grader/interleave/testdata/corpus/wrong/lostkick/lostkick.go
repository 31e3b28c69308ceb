// Package lostkick wakes a worker by a send that is dropped when the worker is not
// receiving at that moment: just before it goes to sleep, for instance.
//
// want: deadlock
package lostkick

import (
	"sync"
	"testing"
)

type worker struct {
	mu   sync.Mutex
	todo []int
	kick chan struct{}
	done chan int
}

func (w *worker) post(v int) {
	w.mu.Lock()
	w.todo = append(w.todo, v)
	w.mu.Unlock()
	select {
	case w.kick <- struct{}{}:
	default:
	}
}

func (w *worker) take() (int, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.todo) == 0 {
		return 0, false
	}
	v := w.todo[0]
	w.todo = w.todo[1:]
	return v, true
}

func (w *worker) run() {
	for {
		if v, ok := w.take(); ok {
			w.done <- v
			return
		}
		<-w.kick
	}
}

// Scenario posts one task to a worker that may be asleep.
func Scenario(t *testing.T) {
	w := &worker{kick: make(chan struct{}), done: make(chan int, 1)}
	go w.run()
	w.post(7)
	if v := <-w.done; v != 7 {
		t.Errorf("worked on %d, want 7", v)
	}
}
