// Package lostkick wakes a worker through a channel with room for one kick: a kick
// that is dropped finds another one waiting.
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

func (w *worker) run(n int) {
	for n > 0 {
		<-w.kick
		for v, ok := w.take(); ok; v, ok = w.take() {
			w.done <- v
			n--
		}
	}
}

// Scenario posts two tasks to a worker that may be asleep.
func Scenario(t *testing.T) {
	w := &worker{kick: make(chan struct{}, 1), done: make(chan int, 2)}
	go w.run(2)
	go w.post(1)
	w.post(2)
	if sum := <-w.done + <-w.done; sum != 3 {
		t.Errorf("worked on %d in all, want 3", sum)
	}
}
