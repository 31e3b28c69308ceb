// want: timeout in TestJoin

// One Join at a time waits for the child. The others wait for it, whatever their contexts do.
package child

import (
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"sync"
	"syscall"
)

var (
	// ErrUnknown says that no function has that name.
	ErrUnknown = errors.New("no function has that name")
	// ErrTaken says that another function has that name already.
	ErrTaken = errors.New("another function has that name")
)

// A Func is a function that may run in a child process.
type Func func(args []string) (string, error)

// A Failure says why a process has no result.
type Failure struct {
	Text string
	Code int
}

// Error returns all that is known.
func (f *Failure) Error() string {
	if f.Text == "" {
		return fmt.Sprintf("no result: exit code %d", f.Code)
	}
	return f.Text
}

// A Registry knows functions by their names.
type Registry struct {
	mu    sync.Mutex
	funcs map[string]Func // guarded by mu
}

// Register gives f a name.
func (r *Registry) Register(name string, f Func) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.funcs[name] != nil {
		return ErrTaken
	}
	if r.funcs == nil {
		r.funcs = map[string]Func{}
	}
	r.funcs[name] = f
	return nil
}

// find returns the function of that name, or nil.
func (r *Registry) find(name string) Func {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.funcs[name]
}

// Call calls the function of that name.
func (r *Registry) Call(name string, args []string) (result string, err error) {
	f := r.find(name)
	if f == nil {
		return "", ErrUnknown
	}
	defer func() {
		if value := recover(); value != nil {
			result, err = "", fmt.Errorf("panic: %v", value)
		}
	}()
	return f(args)
}

// An Outcome is how a process has ended.
type Outcome struct {
	Result string
	Code   int
	Err    error
}

// A Future is a place for an Outcome that is not known yet.
type Future struct {
	mu      sync.Mutex // for those who set
	outcome Outcome    // written before known is closed, and never again
	known   chan struct{}
}

// NewFuture returns a Future without an outcome.
func NewFuture() *Future { return &Future{known: make(chan struct{})} }

// Set sets the outcome, once for all.
func (f *Future) Set(o Outcome) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, ok := f.Get(); ok {
		return false
	}
	f.outcome = o
	close(f.known)
	return true
}

// Get returns the outcome, if there is one.
func (f *Future) Get() (Outcome, bool) {
	select {
	case <-f.known:
		return f.outcome, true
	default:
		return Outcome{}, false
	}
}

// Wait waits until there is an outcome.
func (f *Future) Wait(ctx context.Context) (Outcome, error) {
	select {
	case <-f.known:
	case <-ctx.Done():
		if o, ok := f.Get(); ok { // both were there
			return o, nil
		}
		return Outcome{}, ctx.Err()
	}
	return f.outcome, nil
}

// childMark is the argument that makes of this program a child. It is no environment variable, which
// would make children of all that the child starts.
const childMark = "-child-of-this-program"

// The descriptors that a child finds open, beside the usual three.
const (
	askFD = 3 // where it reads what to do; it ends when the parent does
	sayFD = 4 // where it writes the result
)

// A request is what the parent asks for.
type request struct {
	Name   string
	Args   []string
	Daemon bool
}

// A reply is what the function has returned.
type reply struct {
	Result string
	Failed bool
	Text   string // of the error
}

// Main runs the function of a child.
func (r *Registry) Main() {
	if len(os.Args) != 2 || os.Args[1] != childMark {
		return
	}
	defer os.Exit(1) // if the function ends the goroutine, by runtime.Goexit
	// What the child starts has no business with these, and would keep them open.
	syscall.CloseOnExec(askFD)
	syscall.CloseOnExec(sayFD)
	ask, say := os.NewFile(askFD, "ask"), os.NewFile(sayFD, "say")
	var q request
	if err := gob.NewDecoder(ask).Decode(&q); err != nil {
		os.Exit(1) // the parent has ended before it could ask
	}
	if q.Daemon {
		go func() {
			io.Copy(io.Discard, ask) // nothing more comes, and it ends with the parent
			os.Exit(1)
		}()
	}
	result, err := r.Call(q.Name, q.Args)
	answer := reply{Result: result}
	code := 0
	if err != nil {
		answer = reply{Failed: true, Text: err.Error()}
		code = 1
	}
	if err := gob.NewEncoder(say).Encode(answer); err != nil {
		code = 1
	}
	os.Exit(code)
}

// A Process is a child process that has been started.
type Process struct {
	cmd   *exec.Cmd
	ended *Future

	joining sync.Mutex // held by whoever is in Join
}

// Start starts a child process. The arguments are sent when it has returned, and until then the
// caller may have put others into his slice.
func (r *Registry) Start(name string, args ...string) (*Process, error) {
	return r.start(request{Name: name, Args: slices.Clone(args)})
}

// StartDaemon is Start for a process that must not outlive its parent.
func (r *Registry) StartDaemon(name string, args ...string) (*Process, error) {
	return r.start(request{Name: name, Args: slices.Clone(args), Daemon: true})
}

func (r *Registry) start(q request) (*Process, error) {
	if r.find(q.Name) == nil {
		return nil, ErrUnknown
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	askR, askW, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer askR.Close()
	sayR, sayW, err := os.Pipe()
	if err != nil {
		askW.Close()
		return nil, err
	}
	defer sayW.Close()
	cmd := exec.Command(self, childMark)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.ExtraFiles = []*os.File{askR, sayW} // descriptors 3 and 4
	if err := cmd.Start(); err != nil {
		askW.Close()
		sayR.Close()
		return nil, err
	}
	p := &Process{cmd: cmd, ended: NewFuture()}
	go p.follow(q, askW, sayR)
	return p, nil
}

// follow accompanies the process to its end. It keeps ask open all the time: when we end,
// and it is closed by that, the child knows.
func (p *Process) follow(q request, ask, say *os.File) {
	defer ask.Close()
	defer say.Close()
	gob.NewEncoder(ask).Encode(q) // if this fails the child has ended, and the rest says how
	var answer reply
	heard := gob.NewDecoder(say).Decode(&answer) // before Wait: a large one does not fit into the pipe
	p.cmd.Wait()
	code := exitCode(p.cmd.ProcessState)
	switch {
	case code == 0 && heard == nil && !answer.Failed:
		p.ended.Set(Outcome{Result: answer.Result})
	case code == 1 && heard == nil && answer.Failed:
		p.ended.Set(Outcome{Code: code, Err: &Failure{Text: answer.Text, Code: code}})
	default:
		p.ended.Set(Outcome{Code: code, Err: &Failure{Code: code}})
	}
}

func exitCode(state *os.ProcessState) int {
	if waited, ok := state.Sys().(syscall.WaitStatus); ok && waited.Signaled() {
		return -int(waited.Signal())
	}
	return state.ExitCode()
}

// Pid returns the number of the process.
func (p *Process) Pid() int { return p.cmd.Process.Pid }

// Join waits until the process has ended and returns the result of its function.
func (p *Process) Join(ctx context.Context) (string, error) {
	p.joining.Lock()
	defer p.joining.Unlock()
	o, err := p.ended.Wait(ctx)
	if err != nil {
		return "", err
	}
	return o.Result, o.Err
}

// Alive reports whether the process is still running.
func (p *Process) Alive() bool {
	_, ended := p.ended.Get()
	return !ended
}

// ExitCode returns the exit code of the process, once it has ended.
func (p *Process) ExitCode() (int, bool) {
	o, ended := p.ended.Get()
	return o.Code, ended
}

// Terminate sends SIGTERM to the process.
func (p *Process) Terminate() error { return p.signal(syscall.SIGTERM) }

// Kill sends SIGKILL to the process.
func (p *Process) Kill() error { return p.signal(syscall.SIGKILL) }

// signal goes by way of package os, which knows whether somebody has waited for the process: after that
// its number may belong to another.
func (p *Process) signal(sig syscall.Signal) error {
	if err := p.cmd.Process.Signal(sig); !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	return nil
}
