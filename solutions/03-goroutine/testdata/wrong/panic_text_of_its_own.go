// want: fail in TestPanic

// A PanicError says more than "panic: " and the value.
package goroutine

import (
	"errors"
	"fmt"
	"runtime/debug"
	"strconv"
	"sync"
	"sync/atomic"
)

// Collect calls f once for each item, all of the calls at the same time, and returns the
// results in the order of the items.
func Collect[T, R any](items []T, f func(T) R) []R {
	results := make([]R, len(items))
	var all sync.WaitGroup
	for i, item := range items {
		all.Go(func() { results[i] = f(item) })
	}
	all.Wait()
	return results
}

// TryCollect is Collect for an f that can fail.
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
	name    string
	target  func() (R, error)
	started atomic.Bool

	done   chan struct{} // closed when target has ended
	result R             // written before done is closed, read after
	err    error         // likewise
}

// unnamed counts the threads that were given no name. It is the one thing that threads
// share, and easily forgotten: New may be called by anybody, too.
var unnamed atomic.Int64

// New returns a thread that will run target, but not before Start.
func New[R any](name string, target func() (R, error)) *Thread[R] {
	if name == "" {
		name = "Thread-" + strconv.FormatInt(unnamed.Add(1), 10)
	}
	return &Thread[R]{name: name, target: target, done: make(chan struct{})}
}

// Name returns the thread's name. It never changes, so it needs no lock.
func (t *Thread[R]) Name() string { return t.name }

// Start starts the thread, or returns ErrStarted.
func (t *Thread[R]) Start() error {
	if !t.started.CompareAndSwap(false, true) {
		return ErrStarted
	}
	go t.run()
	return nil
}

// run is the thread. What it defers runs whether target returns, panics or exits, the
// last one first: so the result stands before done is closed.
func (t *Thread[R]) run() {
	defer close(t.done)
	t.err = ErrExited // stands if target neither returns nor panics
	defer func() {
		if value := recover(); value != nil {
			t.err = &PanicError{Value: value, Stack: debug.Stack()}
		}
	}()
	t.result, t.err = t.target()
}

// Join waits until target has ended and returns what came of it, or ErrNotStarted.
func (t *Thread[R]) Join() (R, error) {
	if !t.started.Load() {
		var none R
		return none, ErrNotStarted
	}
	<-t.done
	return t.result, t.err
}

// Alive reports whether the thread is running.
func (t *Thread[R]) Alive() bool {
	if !t.started.Load() {
		return false
	}
	select {
	case <-t.done:
		return false
	default:
		return true
	}
}

// A PanicError is what Join returns when target has panicked.
type PanicError struct {
	Value any    // what panic was called with
	Stack []byte // of the goroutine while it panicked, as debug.Stack prints it
}

// Error returns what happened, and the value.
func (e *PanicError) Error() string { return fmt.Sprintf("panic in thread: %v", e.Value) }

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
