// Package goroutine is chapter 3: what Python's threading.Thread is, built on the go
// statement. That statement starts a function and gives nothing back: no handle, no name,
// no result, nobody to tell of a panic. All of it is yours to add.
//
// Nothing here may leave a goroutine behind that has nothing left to do: when the
// functions that it was given have returned, all that it has started ends by itself.
package goroutine

import (
	"errors"
	"fmt"
)

// Collect calls f once for each item, all of the calls at the same time, waits for all of
// them, and returns the results in the order of the items, whichever was ready first. In
// Python that would be list(executor.map(f, items)).
//
// All at the same time means that no call waits for another to return. Without items
// Collect calls nothing and returns an empty slice. The caller's slice stays as it is.
func Collect[T, R any](items []T, f func(T) R) []R {
	// TODO(3.1): start one goroutine for each item. Where does each put its result?
	return nil
}

// TryCollect is Collect for an f that can fail. Whatever fails, f is called for every
// item, and TryCollect waits for all of the calls.
//
// It returns what every call returned, in the order of the items, be it with an error or
// without, and the error of the first item that failed, just as f returned it. First is
// meant in the order of the items too, not in time. The error is nil if no call returned
// one.
func TryCollect[T, R any](items []T, f func(T) (R, error)) ([]R, error) {
	// TODO(3.2): each call has an error of its own. Which one is to be returned?
	return nil, nil
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

// A Thread runs a function once, on a goroutine of its own, and keeps what came of it.
// Make one with New. All of its methods may be called by any number of goroutines at the
// same time, and by the function that it runs, Join excepted.
type Thread[R any] struct {
	name   string
	target func() (R, error)
	// TODO(3.3): what does a thread have to remember, and what tells those who wait
	// that it has ended?
}

// New returns a thread that will run target, but not before Start. Arguments are no
// matter of the thread: target is a closure, or a method value of what in Python would be
// a subclass of Thread.
//
// If name is empty the thread gets a name that no other thread of the program gets that
// way, whoever calls New at the same time: "Thread-" and a number, as in Python.
func New[R any](name string, target func() (R, error)) *Thread[R] {
	// TODO(3.3): who has no name gets one. What do all calls of New share?
	return &Thread[R]{name: name, target: target}
}

// Name returns the thread's name, before Start, while it runs and afterwards. Two threads
// may have been given the same one: it is for people.
func (t *Thread[R]) Name() string {
	// TODO(3.3): the name that New was given, or has made.
	return "Main-thread"
}

// Start starts the thread. It never waits for target.
//
// A thread can be started once. Any further call returns ErrStarted and does nothing
// else; of calls at the same time exactly one returns nil.
func (t *Thread[R]) Start() error {
	// TODO(3.3): run target on a goroutine of its own, and never twice.
	// TODO(3.4): the call of target may not come back. What runs all the same?
	return nil
}

// Join waits until target has ended and returns what came of it, the same to everybody,
// as often as anybody asks. What target wrote may be read when Join has returned.
//
//   - If target returned, Join returns what it returned.
//   - If target panicked, the program goes on. Join returns the zero value and a
//     *PanicError.
//   - If target called runtime.Goexit, which ends a goroutine and is no panic, Join returns
//     the zero value and ErrExited.
//
// If Start has not been called Join does not wait, and returns the zero value and
// ErrNotStarted; if it is being called at the same time, either may come first. A thread
// that nobody joins ends all the same.
func (t *Thread[R]) Join() (R, error) {
	// TODO(3.3): wait for the end, then give everybody the same answer.
	var none R
	return none, nil
}

// Alive reports whether the thread is running. In Python: is_alive.
//
// It is false before Start, and true from the return of Start until target has ended, also
// when target itself asks. When a Join has returned what came of the thread it is false,
// and so it stays. In between, when target has ended and no Join has returned yet, it may
// be either; but whoever has seen it false after Start may read what target wrote.
func (t *Thread[R]) Alive() bool {
	// TODO(3.3): from Start to the end of target, and not a moment less.
	return false
}

// A PanicError is what Join returns instead of ending the program, when target has
// panicked.
type PanicError struct {
	Value any    // what panic was called with, be it another thread's *PanicError
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

// Gather runs each job on a thread of its own, all at the same time, waits for all of
// them, and returns what came of each, in the order of the jobs. Jobs that fail, panic or
// exit do so for themselves alone. The caller's slice stays as it is.
func Gather[R any](jobs ...Job[R]) []Outcome[R] {
	// TODO(3.5): New, Start, Join: in how many loops?
	return nil
}
