// Package child is another right answer to chapter 15. Texts are framed by their lengths; the
// result is read beside the wait; a Future has a condition variable; and the system is asked
// whether a process is alive.
package child

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
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
	funcs sync.Map // from string to Func
}

// Register gives f a name.
func (r *Registry) Register(name string, f Func) error {
	if _, taken := r.funcs.LoadOrStore(name, f); taken {
		return ErrTaken
	}
	return nil
}

// find returns the function of that name, or nil.
func (r *Registry) find(name string) Func {
	f, _ := r.funcs.Load(name)
	found, _ := f.(Func)
	return found
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
	mu      sync.Mutex
	set     *sync.Cond
	outcome Outcome
	known   bool
}

// NewFuture returns a Future without an outcome.
func NewFuture() *Future {
	f := &Future{}
	f.set = sync.NewCond(&f.mu)
	return f
}

// Set sets the outcome, once for all.
func (f *Future) Set(o Outcome) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.known {
		return false
	}
	f.outcome, f.known = o, true
	f.set.Broadcast()
	return true
}

// Get returns the outcome, if there is one.
func (f *Future) Get() (Outcome, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.outcome, f.known
}

// Wait waits until there is an outcome.
func (f *Future) Wait(ctx context.Context) (Outcome, error) {
	stop := context.AfterFunc(ctx, func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.set.Broadcast()
	})
	defer stop()
	f.mu.Lock()
	defer f.mu.Unlock()
	for !f.known && ctx.Err() == nil {
		f.set.Wait()
	}
	if !f.known {
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

// send writes texts, each after its length, and how many there are before all of them.
func send(w io.Writer, texts ...string) error {
	b := bufio.NewWriter(w)
	binary.Write(b, binary.BigEndian, int64(len(texts)))
	for _, text := range texts {
		binary.Write(b, binary.BigEndian, int64(len(text)))
		b.WriteString(text)
	}
	return b.Flush()
}

// receive reads what send has written.
func receive(r io.Reader) ([]string, error) {
	b := bufio.NewReader(r)
	var n, length int64
	if err := binary.Read(b, binary.BigEndian, &n); err != nil {
		return nil, err
	}
	texts := make([]string, n)
	for i := range texts {
		if err := binary.Read(b, binary.BigEndian, &length); err != nil {
			return nil, err
		}
		text := make([]byte, length)
		if _, err := io.ReadFull(b, text); err != nil {
			return nil, err
		}
		texts[i] = string(text)
	}
	return texts, nil
}

// What kinds of children and of answers there are.
const (
	ordinary = "ordinary"
	daemon   = "daemon"
	good     = "good"
	bad      = "bad"
)

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
	q, err := receive(ask)
	if err != nil {
		os.Exit(1) // the parent has ended before it could ask
	}
	if q[0] == daemon {
		go func() {
			io.Copy(io.Discard, ask) // nothing more comes, and it ends with the parent
			os.Exit(1)
		}()
	}
	result, err := r.Call(q[1], q[2:])
	code := 0
	if err != nil {
		send(say, bad, err.Error())
		code = 1
	} else if send(say, good, result) != nil {
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
	return r.start(ordinary, name, args)
}

// StartDaemon is Start for a process that must not outlive its parent.
func (r *Registry) StartDaemon(name string, args ...string) (*Process, error) {
	return r.start(daemon, name, args)
}

func (r *Registry) start(kind, name string, args []string) (*Process, error) {
	if r.find(name) == nil {
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
	go p.follow(append([]string{kind, name}, args...), askW, sayR)
	return p, nil
}

// follow accompanies the process to its end. It keeps ask open all the time: when we end,
// and it is closed by that, the child knows.
func (p *Process) follow(q []string, ask, say *os.File) {
	defer ask.Close()
	defer say.Close()
	answers := make(chan []string, 1)
	go send(ask, q...)
	go func() {
		answer, _ := receive(say)
		answers <- answer
	}()
	p.cmd.Wait()
	answer := <-answers
	code := exitCode(p.cmd.ProcessState)
	switch {
	case code == 0 && answer != nil && answer[0] == good:
		p.ended.Set(Outcome{Result: answer[1]})
	case code == 1 && answer != nil && answer[0] == bad:
		p.ended.Set(Outcome{Code: code, Err: &Failure{Text: answer[1], Code: code}})
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
	if p.cmd.Process.Signal(syscall.Signal(0)) == nil {
		return true
	}
	p.ended.Wait(context.Background()) // soon, and then ExitCode knows it, too
	return false
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
