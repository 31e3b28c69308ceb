// Package child is another right answer to chapter 15. The arguments come on standard input,
// which is empty after that; the result is left in a file; a daemon looks every now and then
// whether it still has the same parent; an environment variable that is removed at once says
// that a process is a child.
package child

import (
	"bytes"
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"
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

// fileVar is the environment variable that says to a child where to leave the result.
const fileVar = "CHILD_LEAVES_ITS_RESULT_IN"

// A request is what the parent asks for.
type request struct {
	Name   string
	Args   []string
	Parent int // of a daemon, or 0
}

// A reply is what the function has returned.
type reply struct {
	Result string
	Failed bool
	Text   string // of the error
}

// Main runs the function of a child.
func (r *Registry) Main() {
	file, ok := os.LookupEnv(fileVar)
	if !ok {
		return
	}
	os.Unsetenv(fileVar)
	defer os.Exit(1) // if the function ends the goroutine, by runtime.Goexit
	var q request
	if err := gob.NewDecoder(os.Stdin).Decode(&q); err != nil {
		os.Exit(1)
	}
	if q.Parent != 0 {
		go func() {
			for os.Getppid() == q.Parent {
				time.Sleep(10 * time.Millisecond)
			}
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
	var data bytes.Buffer
	gob.NewEncoder(&data).Encode(answer)
	if err := os.WriteFile(file, data.Bytes(), 0o600); err != nil {
		code = 1
	}
	os.Exit(code)
}

// A Process is a child process that has been started.
type Process struct {
	cmd   *exec.Cmd
	ended *Future
}

// Start starts a child process.
func (r *Registry) Start(name string, args ...string) (*Process, error) {
	return r.start(request{Name: name, Args: args})
}

// StartDaemon is Start for a process that must not outlive its parent.
func (r *Registry) StartDaemon(name string, args ...string) (*Process, error) {
	return r.start(request{Name: name, Args: args, Parent: os.Getpid()})
}

func (r *Registry) start(q request) (*Process, error) {
	if r.find(q.Name) == nil {
		return nil, ErrUnknown
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	file, err := os.CreateTemp("", "result")
	if err != nil {
		return nil, err
	}
	file.Close()
	var input bytes.Buffer
	gob.NewEncoder(&input).Encode(q)
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), fileVar+"="+file.Name())
	cmd.Stdin, cmd.Stdout, cmd.Stderr = &input, os.Stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		os.Remove(file.Name())
		return nil, err
	}
	p := &Process{cmd: cmd, ended: NewFuture()}
	go p.follow(file.Name())
	return p, nil
}

// follow waits for the process, and reads what it has left.
func (p *Process) follow(file string) {
	p.cmd.Wait()
	defer os.Remove(file)
	data, _ := os.ReadFile(file)
	var answer reply
	heard := gob.NewDecoder(bytes.NewReader(data)).Decode(&answer)
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
