// A condition variable for each thread, a set of names, and a Collect whose goroutines start one another.
package goroutine

import (
	"errors"
	"fmt"
	"runtime/debug"
	"strconv"
	"sync"
)

// Collect calls f once for each item, all of the calls at the same time, and returns the
// results in the order of the items.
//
// The slice has its length before the first goroutine starts, and each of them writes to
// an element of its own. Elements are variables like any other, so nobody shares anything,
// and the only thing left to say is when all have been written: Wait says it.
func Collect[T, R any](items []T, f func(T) R) []R {
	switch len(items) {
	case 0:
		return []R{}
	case 1:
		return []R{f(items[0])}
	}
	half := len(items) / 2
	first := make(chan []R)
	go func() { first <- Collect(items[:half], f) }()
	second := Collect(items[half:], f)
	return append(<-first, second...)
}

// TryCollect is Collect for an f that can fail.
//
// The errors are results like the others: one each, in order. Which of them to return is
// decided by one goroutine, after the end of all.
func TryCollect[T, R any](items []T, f func(T) (R, error)) ([]R, error) {
	errs := make([]error, len(items))
	indices := make([]int, len(items))
	for i := range indices {
		indices[i] = i
	}
	results := Collect(indices, func(i int) (result R) {
		result, errs[i] = f(items[i])
		return result
	})
	for _, err := range errs {
		if err != nil {
			return results, err
		}
	}
	return results, nil
}

var (
	// ErrStarted says that a thread has been started before.
	ErrStarted = errors.New("thread has been started before")
	// ErrNotStarted says that a thread has not been started yet.
	ErrNotStarted = errors.New("thread has not been started")
	// ErrExited says that a thread's function called runtime.Goexit.
	ErrExited = errors.New("thread called runtime.Goexit")
)

// A Thread runs a function once, on a goroutine of its own, and keeps what came of it.
type Thread[R any] struct {
	name   string
	target func() (R, error)

	mu     sync.Mutex
	change *sync.Cond
	stage  int // 0 new, 1 running, 2 ended
	result R
	err    error
}

var (
	naming sync.Mutex
	given  = map[string]bool{}
)

// New returns a thread that will run target, but not before Start.
func New[R any](name string, target func() (R, error)) *Thread[R] {
	if name == "" {
		naming.Lock()
		name = "Thread-" + strconv.Itoa(len(given))
		given[name] = true
		naming.Unlock()
	}
	t := &Thread[R]{name: name, target: target}
	t.change = sync.NewCond(&t.mu)
	return t
}

// Name returns the thread's name.
func (t *Thread[R]) Name() string { return t.name }

// Start starts the thread, or returns ErrStarted.
func (t *Thread[R]) Start() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.stage != 0 {
		return ErrStarted
	}
	t.stage = 1
	go t.run()
	return nil
}

func (t *Thread[R]) run() {
	var result R
	err := ErrExited
	defer func() {
		if value := recover(); value != nil {
			err = &PanicError{Value: value, Stack: debug.Stack()}
		}
		t.mu.Lock()
		defer t.mu.Unlock()
		t.result, t.err, t.stage = result, err, 2
		t.change.Broadcast()
	}()
	result, err = t.target()
}

// Join waits until target has ended and returns what came of it, or ErrNotStarted.
func (t *Thread[R]) Join() (R, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.stage == 0 {
		return t.result, ErrNotStarted
	}
	for t.stage == 1 {
		t.change.Wait()
	}
	return t.result, t.err
}

// Alive reports whether the thread is running.
func (t *Thread[R]) Alive() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.stage == 1
}

// A PanicError is what Join returns when target has panicked.
type PanicError struct {
	Value any    // what panic was called with
	Stack []byte // of the goroutine while it panicked, as debug.Stack prints it
}

// Error returns "panic: " and the value.
func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// Unwrap returns the value if it is an error, so that errors.Is and errors.As find it.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// A Job is a name and something to do.
type Job[R any] struct {
	Name string
	Do   func() (R, error)
}

// An Outcome is what came of a job.
type Outcome[R any] struct {
	Name   string
	Result R
	Err    error
}

// Gather runs each job on a thread of its own and returns what came of each, in the order
// of the jobs.
//
// Two loops. One that starts a thread and joins it before it starts the next does the
// same work, in the same order, and nothing at the same time.
func Gather[R any](jobs ...Job[R]) []Outcome[R] {
	threads := make([]*Thread[R], len(jobs))
	for i, job := range jobs {
		threads[i] = New(job.Name, job.Do)
		threads[i].Start() // the error is nil: nobody else has this thread
	}
	outcomes := make([]Outcome[R], len(jobs))
	for i, t := range threads {
		result, err := t.Join()
		outcomes[i] = Outcome[R]{Name: t.Name(), Result: result, Err: err}
	}
	return outcomes
}
