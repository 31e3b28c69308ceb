// Two atomic pointers, to who waits and to what came of it; one channel for all answers, and a Gather that calls itself.
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
//
// The slice has its length before the first goroutine starts, and each of them writes to
// an element of its own. Elements are variables like any other, so nobody shares anything,
// and the only thing left to say is when all have been written: Wait says it.
func Collect[T, R any](items []T, f func(T) R) []R {
	results, _ := TryCollect(items, func(item T) (R, error) { return f(item), nil })
	return results
}

// TryCollect is Collect for an f that can fail.
//
// The errors are results like the others: one each, in order. Which of them to return is
// decided by one goroutine, after the end of all.
func TryCollect[T, R any](items []T, f func(T) (R, error)) ([]R, error) {
	type answer struct {
		i      int
		result R
		err    error
	}
	answers := make(chan answer)
	for i := range items {
		go func() {
			result, err := f(items[i])
			answers <- answer{i, result, err}
		}()
	}
	results := make([]R, len(items))
	first := len(items)
	var failed error
	for range items {
		a := <-answers
		results[a.i] = a.result
		if a.err != nil && a.i < first {
			first, failed = a.i, a.err
		}
	}
	return results, failed
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
	run     func()
	started atomic.Pointer[sync.WaitGroup]
	outcome atomic.Pointer[Outcome[R]]
}

var numbers = make(chan int, 1)

func init() { numbers <- 0 }

// New returns a thread that will run target, but not before Start.
func New[R any](name string, target func() (R, error)) *Thread[R] {
	if name == "" {
		n := <-numbers
		numbers <- n + 1
		name = "Thread-" + strconv.Itoa(n)
	}
	t := &Thread[R]{name: name}
	t.run = func() {
		outcome := &Outcome[R]{Err: ErrExited}
		defer t.outcome.Store(outcome)
		ended := false
		defer func() {
			if ended {
				return
			}
			if value := recover(); value != nil {
				outcome.Err = &PanicError{Value: value, Stack: debug.Stack()}
			}
		}()
		outcome.Result, outcome.Err = target()
		ended = true
	}
	return t
}

// Name returns the thread's name.
func (t *Thread[R]) Name() string { return t.name }

// Start starts the thread, or returns ErrStarted.
func (t *Thread[R]) Start() error {
	var end sync.WaitGroup
	end.Add(1)
	if !t.started.CompareAndSwap(nil, &end) {
		return ErrStarted
	}
	go func() {
		defer end.Done()
		t.run()
	}()
	return nil
}

// Join waits until target has ended and returns what came of it, or ErrNotStarted.
func (t *Thread[R]) Join() (result R, err error) {
	end := t.started.Load()
	if end == nil {
		return result, ErrNotStarted
	}
	end.Wait()
	outcome := t.outcome.Load()
	return outcome.Result, outcome.Err
}

// Alive reports whether the thread is running.
func (t *Thread[R]) Alive() bool {
	return t.started.Load() != nil && t.outcome.Load() == nil
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
	if len(jobs) == 0 {
		return nil
	}
	t := New(jobs[0].Name, jobs[0].Do)
	t.Start()
	rest := Gather(jobs[1:]...)
	result, err := t.Join()
	return append([]Outcome[R]{{t.Name(), result, err}}, rest...)
}
