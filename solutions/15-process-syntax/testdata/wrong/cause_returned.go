// want: fail in TestFutureGivesUp

// Wait returns why ctx has ended, where its Err was promised, and Join with it.
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

// A Registry knows functions by their names.
type Registry struct {
	mu    sync.RWMutex
	funcs map[string]Func
}

// Register gives f a name.
func (r *Registry) Register(name string, f Func) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.funcs[name]; ok {
		return ErrTaken
	}
	if r.funcs == nil {
		r.funcs = make(map[string]Func)
	}
	r.funcs[name] = f
	return nil
}

func (r *Registry) find(name string) (Func, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if f, ok := r.funcs[name]; ok {
		return f, nil
	}
	return nil, ErrUnknown
}

// Call calls the function of that name.
func (r *Registry) Call(name string, args []string) (string, error) {
	f, err := r.find(name)
	if err != nil {
		return "", err
	}
	return call(f, args)
}

// call calls f and makes of a panic an error.
func call(f Func, args []string) (result string, err error) {
	ok := false
	defer func() {
		if ok {
			return
		}
		if v := recover(); v != nil {
			result, err = "", errors.New("panic: "+fmt.Sprint(v))
		}
	}()
	result, err = f(args)
	ok = true
	return result, err
}

// An Outcome is how a process has ended.
type Outcome struct {
	Result string // what the function has returned
	Code   int    // the exit code
	Err    error  // why there is no result, or nil
}

// A Future is a place for an Outcome that is not known yet.
type Future struct {
	once sync.Once
	o    Outcome
	done chan struct{}
}

// NewFuture returns a Future without an outcome.
func NewFuture() *Future { return &Future{done: make(chan struct{})} }

// Set sets the outcome.
func (f *Future) Set(o Outcome) (did bool) {
	f.once.Do(func() {
		f.o, did = o, true
		close(f.done)
	})
	return did
}

// Get returns the outcome.
func (f *Future) Get() (Outcome, bool) {
	select {
	case <-f.done:
		return f.o, true
	default:
		return Outcome{}, false
	}
}

// Wait waits until there is an outcome.
func (f *Future) Wait(ctx context.Context) (Outcome, error) {
	select {
	case <-f.done:
	case <-ctx.Done():
	}
	if o, ok := f.Get(); ok {
		return o, nil
	}
	return Outcome{}, context.Cause(ctx)
}

type task struct {
	Name   string
	Args   [][]byte
	Daemon bool
}

type answer struct {
	Text   []byte
	Failed bool
}

// A Process is a child process that has been started.
type Process struct {
	cmd *exec.Cmd
	end *Future
}

func texts(args [][]byte) []string {
	s := make([]string, len(args))
	for i, a := range args {
		s[i] = string(a)
	}
	return s
}

func data(args []string) [][]byte {
	s := make([][]byte, len(args))
	for i, a := range args {
		s[i] = []byte(a)
	}
	return s
}

const mark = "LOCKSTEP_CHILD_PROCESS"

// Main must be called at the beginning of main.
func (r *Registry) Main() {
	if os.Getenv(mark) == "" {
		return
	}
	defer os.Exit(1) // if the function ends the goroutine, by runtime.Goexit
	os.Unsetenv(mark)
	syscall.CloseOnExec(3)
	syscall.CloseOnExec(4)
	in, out := os.NewFile(3, "task"), os.NewFile(4, "answer")
	var t task
	decoder := gob.NewDecoder(in)
	if err := decoder.Decode(&t); err != nil {
		fmt.Fprintln(os.Stderr, "child:", err)
		os.Exit(1)
	}
	if t.Daemon {
		go func() {
			_, _ = io.Copy(io.Discard, in)
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		}()
	}
	result, err := r.Call(t.Name, texts(t.Args))
	a := answer{Text: []byte(result)}
	if err != nil {
		a = answer{[]byte(err.Error()), true}
	}
	if gob.NewEncoder(out).Encode(a) != nil || a.Failed {
		os.Exit(1)
	}
	os.Exit(0)
}

func (r *Registry) begin(daemon bool, name string, args []string) (*Process, error) {
	if _, err := r.find(name); err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	taskR, taskW, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer taskR.Close()
	answerR, answerW, err := os.Pipe()
	if err != nil {
		taskW.Close()
		return nil, err
	}
	defer answerW.Close()
	p := &Process{cmd: exec.Command(self), end: NewFuture()}
	p.cmd.Env = append(os.Environ(), mark+"=1")
	p.cmd.Stdout, p.cmd.Stderr = os.Stdout, os.Stderr
	p.cmd.ExtraFiles = []*os.File{taskR, answerW}
	if err := p.cmd.Start(); err != nil {
		taskW.Close()
		answerR.Close()
		return nil, err
	}
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		_ = gob.NewEncoder(taskW).Encode(task{name, data(args), daemon})
		if !daemon {
			taskW.Close()
		}
	}()
	go func() {
		var a answer
		whole := gob.NewDecoder(answerR).Decode(&a) == nil
		answerR.Close()
		_ = p.cmd.Wait()
		taskW.Close()
		<-sent
		p.end.Set(outcomeOf(p.cmd.ProcessState, a, whole))
	}()
	return p, nil
}

// Pid returns the number of the process.
func (p *Process) Pid() int { return p.cmd.Process.Pid }

// Join waits until the process has ended.
func (p *Process) Join(ctx context.Context) (string, error) {
	o, err := p.end.Wait(ctx)
	if err != nil {
		return "", err
	}
	return o.Result, o.Err
}

// Alive reports whether the process is still running.
func (p *Process) Alive() bool {
	_, over := p.end.Get()
	return !over
}

// ExitCode returns the exit code.
func (p *Process) ExitCode() (int, bool) {
	o, over := p.end.Get()
	return o.Code, over
}

func (p *Process) signal(sig os.Signal) error {
	if err := p.cmd.Process.Signal(sig); !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	return nil
}

// Terminate sends SIGTERM.
func (p *Process) Terminate() error { return p.signal(syscall.SIGTERM) }

// Kill sends SIGKILL.
func (p *Process) Kill() error { return p.signal(syscall.SIGKILL) }

func code(state *os.ProcessState) int {
	if ws, ok := state.Sys().(syscall.WaitStatus); ok && ws.Signaled() {
		return -int(ws.Signal())
	}
	return state.ExitCode()
}

// outcomeOf makes an outcome of what is known.
func outcomeOf(state *os.ProcessState, a answer, whole bool) Outcome {
	c := code(state)
	if whole && !a.Failed && c == 0 {
		return Outcome{Result: string(a.Text)}
	}
	f := &Failure{Code: c}
	if whole && a.Failed {
		f.Text = string(a.Text)
	}
	return Outcome{Code: c, Err: f}
}

// Start starts a child process.
func (r *Registry) Start(name string, args ...string) (*Process, error) {
	return r.begin(false, name, slices.Clone(args))
}

// StartDaemon is Start for a process that must not outlive its parent.
func (r *Registry) StartDaemon(name string, args ...string) (*Process, error) {
	return r.begin(true, name, slices.Clone(args))
}
