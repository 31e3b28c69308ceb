// want: fail in TestPanic

// A target that panics with the *PanicError of another thread is told with that one, and not with one of its own.
package goroutine

import (
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// Collect calls f once for each item, all of the calls at the same time, waits for all of
// them, and returns the results in the order of the items, whichever was ready first. In
// Python that would be list(executor.map(f, items)).
//
// All at the same time means that no call waits for another to return. Without items
// Collect calls nothing and returns an empty slice. The caller's slice stays as it is.
func Collect[T, R any](items []T, f func(T) R) []R {
	results := make([]R, len(items))
	each(0, len(items), func(i int) { results[i] = f(items[i]) })
	return results
}

// TryCollect is Collect for an f that can fail. Whatever fails, f is called for every
// item, and TryCollect waits for all of the calls.
//
// It returns what every call returned, in the order of the items, be it with an error or
// without, and the error of the first item that failed. First is meant in the order of
// the items too, not in time. The error is nil if no call returned one.
func TryCollect[T, R any](items []T, f func(T) (R, error)) ([]R, error) {
	var (
		results = make([]R, len(items))
		mu      sync.Mutex
		first   error
		place   = len(items) // of the item of that error
	)
	each(0, len(items), func(i int) {
		result, err := f(items[i])
		results[i] = result
		if err == nil {
			return
		}
		mu.Lock()
		defer mu.Unlock()
		if i < place {
			first, place = err, i
		}
	})
	return results, first
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
	name    string
	target  func() (R, error)
	once    sync.Once
	started atomic.Bool
	end     sync.WaitGroup // zero when target has ended
	result  atomic.Pointer[result[R]]
}

// A result is what came of a thread.
type result[R any] struct {
	value R
	err   error
}

// New returns a thread that will run target, but not before Start. Arguments are no
// matter of the thread: target is a closure, or a method value of what in Python would be
// a subclass of Thread.
//
// If name is empty the thread gets a name that no other thread of the program gets that
// way, whoever calls New at the same time: "Thread-" and a number, as in Python.
func New[R any](name string, target func() (R, error)) *Thread[R] {
	if name == "" {
		name = fmt.Sprint("Thread-", nameless.Add(1))
	}
	t := &Thread[R]{name: name, target: target}
	t.end.Add(1)
	return t
}

// Name returns the thread's name, before Start, while it runs and afterwards. Two threads
// may have been given the same one: it is for people.
func (t *Thread[R]) Name() string {
	return t.name
}

// Start starts the thread. It never waits for target.
//
// A thread can be started once. Any further call returns ErrStarted and does nothing
// else; of calls at the same time exactly one returns nil.
func (t *Thread[R]) Start() error {
	err := ErrStarted
	t.once.Do(func() {
		err = nil
		t.started.Store(true)
		go func() {
			r := new(result[R])
			defer t.end.Done()
			defer t.result.Store(r)
			defer r.caught()
			r.err = ErrExited
			value, err := t.target()
			r.value, r.err = value, err
		}()
	})
	return err
}

// caught is deferred: it keeps the panic that there is, if there is one.
func (r *result[R]) caught() {
	switch value := recover().(type) {
	case nil:
	case *PanicError:
		r.err = value // from another thread
	default:
		r.err = &PanicError{Value: value, Stack: debug.Stack()}
	}
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
	if !t.started.Load() {
		var none R
		return none, ErrNotStarted
	}
	t.end.Wait()
	r := t.result.Load()
	return r.value, r.err
}

// Alive reports whether the thread is running. In Python: is_alive.
//
// It is false before Start, and true from the return of Start until target has ended, also
// when target itself asks. When a Join has returned what came of the thread it is false,
// and so it stays. In between, when target has ended and no Join has returned yet, it may
// be either; but whoever has seen it false after Start may read what target wrote.
func (t *Thread[R]) Alive() bool {
	return t.started.Load() && t.result.Load() == nil
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

// Gather runs each job on a thread of its own, all at the same time, waits for all of
// them, and returns what came of each, in the order of the jobs. Jobs that fail, panic or
// exit do so for themselves alone.
func Gather[R any](jobs ...Job[R]) []Outcome[R] {
	return Collect(jobs, func(job Job[R]) Outcome[R] {
		t := New(job.Name, job.Do)
		t.Start()
		value, err := t.Join()
		return Outcome[R]{Name: t.Name(), Result: value, Err: err}
	})
}

// nameless is how many threads have been made without a name.
var nameless atomic.Uint64

// each calls f with every number from low on and below high, all at the same time: the
// last one itself, the others on goroutines of their own.
func each(low, high int, f func(i int)) {
	var wg sync.WaitGroup
	defer wg.Wait()
	for high-low > 1 {
		from, middle := low, low+(high-low)/2
		wg.Go(func() { each(from, middle, f) })
		low = middle
	}
	if low < high {
		f(low)
	}
}
