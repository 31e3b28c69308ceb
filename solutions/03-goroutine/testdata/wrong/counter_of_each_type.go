// want: fail in TestThreadName

// Threads of each type of result are numbered for themselves, and names come twice.
package goroutine

import (
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// Collect calls f once for each item.
func Collect[T, R any](items []T, f func(T) R) []R {
	results, _ := TryCollect(items, func(item T) (R, error) { return f(item), nil })
	return results
}

// TryCollect is Collect for an f that can fail.
func TryCollect[T, R any](items []T, f func(T) (R, error)) ([]R, error) {
	results := make([]R, len(items))
	errs := make([]error, len(items))
	var wg sync.WaitGroup
	for i, item := range items {
		wg.Go(func() { results[i], errs[i] = f(item) })
	}
	wg.Wait()
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
	// ErrExited says that a thread's function neither returned nor panicked, but
	// called runtime.Goexit.
	ErrExited = errors.New("thread called runtime.Goexit")
)

// A Thread runs a function once.
type Thread[R any] struct {
	name    string
	target  func() (R, error)
	started atomic.Bool
	ended   chan struct{}
	result  R
	err     error
}

// New returns a thread.
func New[R any](name string, target func() (R, error)) *Thread[R] {
	if name == "" {
		name = fmt.Sprint("Thread-", counterOf[R]().Add(1))
	}
	return &Thread[R]{name: name, target: target, ended: make(chan struct{})}
}

// Name returns the thread's name.
func (t *Thread[R]) Name() string { return t.name }

// Start starts the thread.
func (t *Thread[R]) Start() error {
	if !t.started.CompareAndSwap(false, true) {
		return ErrStarted
	}
	go t.run()
	return nil
}

func (t *Thread[R]) run() {
	t.err = ErrExited
	defer close(t.ended)
	defer func() {
		if v := recover(); v != nil {
			t.err = &PanicError{v, debug.Stack()}
		}
	}()
	t.result, t.err = t.target()
}

// Join waits until target has ended.
func (t *Thread[R]) Join() (R, error) {
	if !t.started.Load() {
		var none R
		return none, ErrNotStarted
	}
	<-t.ended
	return t.result, t.err
}

// Alive reports whether the thread is running.
func (t *Thread[R]) Alive() bool {
	if !t.started.Load() {
		return false
	}
	select {
	case <-t.ended:
		return false
	default:
		return true
	}
}

// A PanicError is what Join returns instead of ending the program, when target has
// panicked.
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

// An Outcome is what came of a job: its Name, or the name that its thread got if that was
// empty, and what Join returned.
type Outcome[R any] struct {
	Name   string
	Result R
	Err    error
}

// Gather runs each job on a thread of its own.
func Gather[R any](jobs ...Job[R]) []Outcome[R] {
	threads := make([]*Thread[R], len(jobs))
	for i, j := range jobs {
		threads[i] = New(j.Name, j.Do)
		_ = threads[i].Start()
	}
	outcomes := make([]Outcome[R], len(jobs))
	for i, t := range threads {
		r, err := t.Join()
		outcomes[i] = Outcome[R]{t.Name(), r, err}
	}
	return outcomes
}

var counts sync.Map

func counterOf[R any]() *atomic.Int64 {
	var none R
	c, _ := counts.LoadOrStore(fmt.Sprintf("%T", none), new(atomic.Int64))
	return c.(*atomic.Int64)
}
