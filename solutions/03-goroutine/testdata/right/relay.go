// The outcome travels through a channel: whoever takes it puts it back for the next.
package goroutine

import (
	"errors"
	"fmt"
	"runtime/debug"
	"strconv"
	"sync"
	"sync/atomic"
)

// numbered is a result on its way back, with its place.
type numbered[R any] struct {
	index  int
	result R
	err    error
}

// Collect calls f for all items at the same time, and is told of each result.
func Collect[T, R any](items []T, f func(T) R) []R {
	results, _ := TryCollect(items, func(item T) (R, error) { return f(item), nil })
	return results
}

// TryCollect is Collect for an f that can fail.
func TryCollect[T, R any](items []T, f func(T) (R, error)) ([]R, error) {
	back := make(chan numbered[R])
	for i, item := range items {
		go func() {
			result, err := f(item)
			back <- numbered[R]{i, result, err}
		}()
	}
	results := make([]R, len(items))
	first := numbered[R]{index: len(items)}
	for range items {
		n := <-back
		results[n.index] = n.result
		if n.err != nil && n.index < first.index {
			first = n
		}
	}
	return results, first.err
}

var (
	// ErrStarted says that a thread has been started before.
	ErrStarted = errors.New("thread has been started before")
	// ErrNotStarted says that a thread has not been started yet.
	ErrNotStarted = errors.New("thread has not been started")
	// ErrExited says that a thread's function called runtime.Goexit.
	ErrExited = errors.New("thread called runtime.Goexit")
)

// A Thread runs a function once, on a goroutine of its own.
type Thread[R any] struct {
	name    string
	target  func() (R, error)
	start   sync.Once
	alive   atomic.Bool
	started atomic.Bool
	outcome chan Outcome[R] // holds the outcome, when nobody is reading it
}

var (
	namesMu sync.Mutex
	names   int
)

// New returns a thread that will run target.
func New[R any](name string, target func() (R, error)) *Thread[R] {
	if name == "" {
		namesMu.Lock()
		defer namesMu.Unlock()
		names++
		name = "Thread-" + strconv.Itoa(names)
	}
	return &Thread[R]{name: name, target: target, outcome: make(chan Outcome[R], 1)}
}

// Name returns the thread's name.
func (t *Thread[R]) Name() string { return t.name }

// Start starts the thread.
func (t *Thread[R]) Start() error {
	err := ErrStarted
	t.start.Do(func() {
		err = nil
		t.alive.Store(true)
		t.started.Store(true)
		go func() {
			o := Outcome[R]{Err: ErrExited}
			defer func() {
				t.alive.Store(false)
				t.outcome <- o
			}()
			o.Result, o.Err = guarded(t.target)
		}()
	})
	return err
}

// guarded calls target and turns a panic into an error. If target exits guarded does not
// come back either, and the caller's outcome stays what it was.
func guarded[R any](target func() (R, error)) (result R, err error) {
	defer func() {
		if value := recover(); value != nil {
			err = &PanicError{value, debug.Stack()}
		}
	}()
	return target()
}

// Join waits until the thread has ended.
func (t *Thread[R]) Join() (R, error) {
	if !t.started.Load() {
		var none R
		return none, ErrNotStarted
	}
	o := <-t.outcome
	t.outcome <- o
	return o.Result, o.Err
}

// Alive reports whether the thread is running.
func (t *Thread[R]) Alive() bool { return t.alive.Load() }

// A PanicError is what Join returns when target has panicked.
type PanicError struct {
	Value any
	Stack []byte
}

// Error returns "panic: " and the value.
func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// Unwrap returns the value if it is an error.
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

// Gather runs each job on a thread of its own, and joins them all at the same time.
func Gather[R any](jobs ...Job[R]) []Outcome[R] {
	return Collect(jobs, func(job Job[R]) Outcome[R] {
		t := New(job.Name, job.Do)
		t.Start()
		result, err := t.Join()
		return Outcome[R]{t.Name(), result, err}
	})
}
