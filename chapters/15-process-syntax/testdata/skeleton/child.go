// Package child is chapter 15: functions that run in processes of their own. In Python it is
// multiprocessing.Process with the start method "spawn", plus a result.
//
// Go cannot fork. The child is this program once more, started from the beginning, and it
// learns from its parent which of the functions it is to run. So all functions have
// names, and a program that uses this package begins like this:
//
//	var functions child.Registry
//
//	func main() {
//		functions.Register("square", square)
//		functions.Main() // in a child it runs the function, and does not return
//		p, err := functions.Start("square", "12")
//		…
//	}
//
// It is about Linux and macOS; the notes say what is different on Windows.
package child

import (
	"context"
	"errors"
	"fmt"
)

var (
	// ErrUnknown says that no function has that name.
	ErrUnknown = errors.New("no function has that name")
	// ErrTaken says that another function has that name already.
	ErrTaken = errors.New("another function has that name")
)

// A Func is a function that may run in a child process. Arguments and results are strings
// of any bytes and any length; put into them what you like. An error that it returns reaches
// the parent as its text.
type Func func(args []string) (string, error)

// A Failure says why a process has no result.
type Failure struct {
	// Text is the text of the error that the function has returned, or "panic: " and what
	// it has panicked with. It is "" if the function has not come to its end.
	Text string
	// Code is the exit code of the process; see Process.ExitCode.
	Code int
}

// Error returns all that is known.
func (f *Failure) Error() string {
	if f.Text == "" {
		return fmt.Sprintf("no result: exit code %d", f.Code)
	}
	return f.Text
}

// A Registry knows functions by their names. The zero value is ready; do not copy it. Any
// number of goroutines may use it at the same time.
type Registry struct {
	// TODO(15.1): which function has which name, and what guards that?
}

// Register gives f a name. If the name is taken nothing changes, and Register returns
// ErrTaken.
func (r *Registry) Register(name string, f Func) error {
	// TODO(15.1): look and enter in one step.
	return nil
}

// Call calls the function of that name, here and now, and returns what it returns. If no
// function has that name it returns ErrUnknown. If the function panics with a value, Call
// returns an error whose text is "panic: " and the value as fmt.Sprint prints it.
//
// Functions run at the same time, and a function may itself use the Registry.
func (r *Registry) Call(name string, args []string) (string, error) {
	// TODO(15.1): find it, let go of what guards the names, and call it.
	return "", nil
}

// An Outcome is how a process has ended.
type Outcome struct {
	Result string // what the function has returned
	Code   int    // the exit code
	Err    error  // why there is no result, or nil
}

// A Future is a place for an Outcome that is not known yet. Make one with NewFuture; do not
// copy it. Any number of goroutines may use it at the same time; it has none of its own.
type Future struct {
	// TODO(15.2): the outcome, whether there is one, and what those wait on who wait for it.
}

// NewFuture returns a Future without an outcome.
func NewFuture() *Future {
	// TODO(15.2): make what must be made.
	return &Future{}
}

// Set sets the outcome, once for all: it returns true if it did, and false if there was one
// before, which stays.
func (f *Future) Set(o Outcome) bool {
	// TODO(15.2): the first one counts, and wakes all who wait.
	return false
}

// Get returns the outcome, and true; or false if there is none yet. It does not wait.
func (f *Future) Get() (Outcome, bool) {
	// TODO(15.2): look.
	return Outcome{}, false
}

// Wait waits until there is an outcome, and returns it and nil, however often it is called.
// If ctx ends before, it returns ctx.Err(). If both are there, the outcome counts.
func (f *Future) Wait(ctx context.Context) (Outcome, error) {
	// TODO(15.2): wait for one of two things.
	return Outcome{}, nil
}

// A Process is a child process that has been started. Any number of goroutines may use it
// at the same time.
type Process struct {
	// TODO(15.3): what is there to know of a process?
}

// Main must be called at the beginning of main, when all functions have been registered. In
// a process that Start has started it calls the function, hands its result to the parent,
// and ends the process: it does not return, whatever the function does, and nothing else of
// the program runs. In any other process it does nothing and returns. That goes also for
// processes that a child has started in another way: for example this same program, started
// by package exec, which has inherited the child's environment and was given other arguments.
func (r *Registry) Main() {
	// TODO(15.3): how does a process know that it is a child, and what it has to do?
}

// Start starts a child process, which calls the function of that name with these arguments,
// and returns while it does so. After that the caller may change args. In Python:
// Process(target=f, args=(…)), and start().
//
// If this Registry has no function of that name, Start starts nothing and returns ErrUnknown.
// If the process cannot be started it returns the system's reason, and leaves no file open.
//
// When the function is called the child has our environment, no more and no less, our
// directory, and our standard output and error, which are os.Stdout and os.Stderr at this
// moment: it may print what it likes. Its standard input is empty.
//
// A child does not wait for a Join: it gets rid of its result, however long that is, and
// ends, and is no zombie for long, whether anybody calls Join or not. Start may leave
// goroutines and open files behind, but only until soon after the child has ended.
func (r *Registry) Start(name string, args ...string) (*Process, error) {
	// TODO(15.3): start this program once more, and tell it what to do.
	return nil, errors.New("not written yet")
}

// Pid returns the number of the process.
func (p *Process) Pid() int {
	// TODO(15.3): package exec knows it.
	return 0
}

// Join waits until the process has ended and returns the result of its function. It may be
// called any number of times, also at the same time, and returns the same each time. In
// Python: join(), and join(timeout).
//
// If there is no result it returns a *Failure: the function has returned an error, or has
// panicked, or has called os.Exit, whatever the code, or runtime.Goexit, or the process was
// ended by a signal. A result counts only if the process has exited with 0.
//
// If ctx ends before, Join returns ctx.Err(), and the process goes on.
//
// When Join has returned a result or a Failure the process is no zombie any more. What the
// process itself has started is none of Join's business, which does not wait for that.
func (p *Process) Join(ctx context.Context) (string, error) {
	// TODO(15.3): wait for the outcome.
	return "", nil
}

// Alive reports whether the process is still running. In Python: is_alive(). It turns false
// soon after the process has ended, whether anybody calls Join or not; and when Join has
// returned a result or a Failure, it is false already. A process that is not Alive is no
// zombie.
func (p *Process) Alive() bool {
	// TODO(15.4): is there an outcome?
	return false
}

// ExitCode returns the exit code of the process, and true; or false as long as it is Alive.
// The code is 0 if the function has returned a result, 1 if it has returned an error or
// panicked, n if it has called os.Exit(n), and -n if signal number n has ended the process;
// after runtime.Goexit it may be any code.
// In Python: exitcode, which is None at first.
func (p *Process) ExitCode() (int, bool) {
	// TODO(15.4): an exit status, or a signal?
	return 0, false
}

// Terminate sends SIGTERM to the process, which may catch it. It does not wait for the end.
// If the process has ended already it does nothing and returns nil. In Python: terminate().
func (p *Process) Terminate() error {
	// TODO(15.4): what does the number of a process mean when the process has ended?
	return nil
}

// Kill is Terminate with SIGKILL, which nobody can catch. In Python: kill().
func (p *Process) Kill() error {
	// TODO(15.4): likewise.
	return nil
}

// StartDaemon is Start for a process that must not outlive its parent. When the parent has
// ended, in whatever way, by SIGKILL too, the daemon is ended within some seconds, whatever
// its function is doing. Until then it is a process like any other. In Python:
// Process(..., daemon=True), whose daemons outlive a parent that was killed.
//
// It ends with its parent and not with anybody else: threads and other children of the parent
// may end before, and other children may go on running after.
func (r *Registry) StartDaemon(name string, args ...string) (*Process, error) {
	// TODO(15.5): who is told by the system when a process ends, even if that is killed?
	return nil, errors.New("not written yet")
}
