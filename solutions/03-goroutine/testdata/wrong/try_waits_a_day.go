// want: race in TestTryCollectWaitsForAll

// TryCollect waits a day at most.
package goroutine

import (
	"errors"
	"fmt"
	"runtime/debug"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// Collect calls f for all items at the same time.
func Collect[T, R any](items []T, f func(T) R) []R {
	results := make([]R, len(items))
	var wg sync.WaitGroup
	for i, item := range items {
		wg.Add(1)
		go func() {
			defer wg.Done()
			results[i] = f(item)
		}()
	}
	wg.Wait()
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
	all := make(chan struct{})
	go func() {
		wg.Wait()
		close(all)
	}()
	select {
	case <-all:
	case <-time.After(24 * time.Hour):
	}
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

// A Thread runs a function once, on a goroutine of its own.
type Thread[R any] struct {
	name   string
	target func() (R, error)

	mu      sync.Mutex
	started bool
	done    chan struct{}
	result  R
	err     error
}

var lastNumber atomic.Int64

// New returns a thread that will run target.
func New[R any](name string, target func() (R, error)) *Thread[R] {
	if name == "" {
		name = "Thread-" + strconv.Itoa(int(lastNumber.Add(1)))
	}
	return &Thread[R]{name: name, target: target, done: make(chan struct{})}
}

// Name returns the thread's name.
func (t *Thread[R]) Name() string { return t.name }

// Start starts the thread.
func (t *Thread[R]) Start() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.started {
		return ErrStarted
	}
	t.started = true
	go t.run()
	return nil
}

func (t *Thread[R]) run() {
	defer close(t.done)
	returned := false
	defer func() {
		if value := recover(); value != nil {
			t.err = &PanicError{Value: value, Stack: debug.Stack()}
		} else if !returned {
			t.err = ErrExited
		}
	}()
	t.result, t.err = t.target()
	returned = true
}

func (t *Thread[R]) isStarted() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.started
}

// Join waits until the thread has ended.
func (t *Thread[R]) Join() (R, error) {
	if !t.isStarted() {
		var none R
		return none, ErrNotStarted
	}
	<-t.done
	return t.result, t.err
}

// Alive reports whether the thread is running.
func (t *Thread[R]) Alive() bool {
	if !t.isStarted() {
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

// Gather runs each job on a thread of its own.
func Gather[R any](jobs ...Job[R]) []Outcome[R] {
	var threads []*Thread[R]
	for _, job := range jobs {
		t := New(job.Name, job.Do)
		t.Start()
		threads = append(threads, t)
	}
	var outcomes []Outcome[R]
	for _, t := range threads {
		result, err := t.Join()
		outcomes = append(outcomes, Outcome[R]{t.Name(), result, err})
	}
	return outcomes
}
