// Package child is another right answer to chapter 15. Request and reply are in files that have
// no name any more, and are read when the other has written them; a daemon waits for a lock that
// its parent holds; a Future has a channel for each who waits.
package child

import (
	"context"
	"encoding/binary"
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
	functions sync.Map // of Func by string
}

// find returns the function of that name, and whether there is one.
func (r *Registry) find(name string) (Func, bool) {
	f, ok := r.functions.Load(name)
	if !ok {
		return nil, false
	}
	return f.(Func), true
}

// Register gives f a name.
func (r *Registry) Register(name string, f Func) error {
	if _, taken := r.functions.LoadOrStore(name, f); taken {
		return ErrTaken
	}
	return nil
}

// Call calls the function of that name.
func (r *Registry) Call(name string, args []string) (result string, err error) {
	f, ok := r.find(name)
	if !ok {
		return "", ErrUnknown
	}
	defer func() {
		if value := recover(); value != nil {
			result, err = "", errors.New("panic: "+fmt.Sprint(value))
		}
	}()
	return f(args)
}

// An Outcome is how a process has ended.
type Outcome struct {
	Result string // what the function has returned
	Code   int    // the exit code
	Err    error  // why there is no result, or nil
}

// A Future is a place for an Outcome that is not known yet.
type Future struct {
	mu      sync.Mutex
	outcome *Outcome                  // nil if there is none yet
	waiting map[chan Outcome]struct{} // each has room for one
}

// NewFuture returns a Future without an outcome.
func NewFuture() *Future {
	return &Future{waiting: map[chan Outcome]struct{}{}}
}

// Set sets the outcome, once for all.
func (f *Future) Set(o Outcome) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.outcome != nil {
		return false
	}
	f.outcome = &o
	for c := range f.waiting {
		c <- o
	}
	clear(f.waiting)
	return true
}

// Get returns the outcome, if there is one.
func (f *Future) Get() (Outcome, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.outcome == nil {
		return Outcome{}, false
	}
	return *f.outcome, true
}

// Wait waits until there is an outcome.
func (f *Future) Wait(ctx context.Context) (Outcome, error) {
	f.mu.Lock()
	if f.outcome != nil {
		defer f.mu.Unlock()
		return *f.outcome, nil
	}
	c := make(chan Outcome, 1)
	f.waiting[c] = struct{}{}
	f.mu.Unlock()
	select {
	case o := <-c:
		return o, nil
	case <-ctx.Done():
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.outcome != nil {
		return *f.outcome, nil
	}
	delete(f.waiting, c)
	return Outcome{}, ctx.Err()
}

// A Process is a child process that has been started.
type Process struct {
	cmd     *exec.Cmd
	outcome *Future
}

// childMark is the environment variable that makes a child.
const childMark = "LOCKSTEP_CHAPTER_15_CHILD"

// write writes texts to w, each with its length before it, and their number before all.
func write(w io.Writer, texts ...string) error {
	b := binary.BigEndian.AppendUint64(nil, uint64(len(texts)))
	for _, text := range texts {
		b = append(binary.BigEndian.AppendUint64(b, uint64(len(text))), text...)
	}
	_, err := w.Write(b)
	return err
}

// read reads what write has written, if it is all there.
func read(r io.Reader) ([]string, error) {
	b, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	number := func() (n uint64) {
		if len(b) < 8 {
			err = io.ErrUnexpectedEOF
			return 0
		}
		n, b = binary.BigEndian.Uint64(b), b[8:]
		return n
	}
	var texts []string
	for count := number(); count > 0; count-- {
		n := number()
		if err != nil || n > uint64(len(b)) {
			return nil, io.ErrUnexpectedEOF
		}
		texts = append(texts, string(b[:n]))
		b = b[n:]
	}
	return texts, err
}

// Main runs the function of a child.
func (r *Registry) Main() {
	if os.Getenv(childMark) == "" {
		return
	}
	os.Unsetenv(childMark)
	code := 1
	defer func() { os.Exit(code) }() // for runtime.Goexit, too
	for fd := 3; fd <= 5; fd++ {
		syscall.CloseOnExec(fd)
	}
	ask, say := os.NewFile(3, "ask"), os.NewFile(4, "say")
	q, err := read(ask) // "daemon" or "plain", the name, the arguments
	if err != nil {
		return
	}
	ask.Close()
	if q[0] == "daemon" {
		go func() {
			for syscall.Flock(5, syscall.LOCK_EX) == syscall.EINTR {
			}
			os.Exit(1) // the parent has let go of the lock
		}()
	}
	result, err := r.Call(q[1], q[2:])
	answer := []string{"result", result}
	if err != nil {
		answer = []string{"error", err.Error()}
	}
	if write(say, answer...) == nil && err == nil {
		code = 0
	}
}

// Start starts a child process.
func (r *Registry) Start(name string, args ...string) (*Process, error) {
	return r.start("plain", name, args)
}

// twice opens a new file twice, which has no name any more.
func twice() (a, b *os.File, err error) {
	a, err = os.CreateTemp("", "child")
	if err != nil {
		return nil, nil, err
	}
	defer os.Remove(a.Name())
	b, err = os.OpenFile(a.Name(), os.O_RDWR, 0)
	if err != nil {
		a.Close()
		return nil, nil, err
	}
	return a, b, nil
}

func (r *Registry) start(kind, name string, args []string) (p *Process, err error) {
	if _, ok := r.find(name); !ok {
		return nil, ErrUnknown
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	var ours, theirs []*os.File
	shut := func(files []*os.File) {
		for _, f := range files {
			f.Close()
		}
	}
	defer func() {
		shut(theirs)
		if err != nil {
			shut(ours)
		}
	}()
	for range 3 { // request, reply, life
		a, b, err := twice()
		if err != nil {
			return nil, err
		}
		ours, theirs = append(ours, a), append(theirs, b)
	}
	if err := syscall.Flock(int(ours[2].Fd()), syscall.LOCK_EX); err != nil {
		return nil, err
	}
	if err := write(ours[0], slices.Concat([]string{kind, name}, args)...); err != nil {
		return nil, err
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), childMark+"=yes")
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.ExtraFiles = theirs
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p = &Process{cmd: cmd, outcome: NewFuture()}
	go func() {
		cmd.Wait()
		answer, err := read(ours[1])
		shut(ours)
		code := exitCode(cmd.ProcessState)
		failure := &Failure{Code: code}
		if err == nil && len(answer) == 2 {
			if answer[0] == "result" && code == 0 {
				p.outcome.Set(Outcome{Result: answer[1]})
				return
			}
			if answer[0] == "error" {
				failure.Text = answer[1]
			}
		}
		p.outcome.Set(Outcome{Code: code, Err: failure})
	}()
	return p, nil
}

// exitCode returns the exit code, or minus the number of the signal.
func exitCode(state *os.ProcessState) int {
	status := state.Sys().(syscall.WaitStatus)
	if status.Signaled() {
		return -int(status.Signal())
	}
	return status.ExitStatus()
}

// Pid returns the number of the process.
func (p *Process) Pid() int {
	return p.cmd.Process.Pid
}

// Join waits until the process has ended and returns the result of its function.
func (p *Process) Join(ctx context.Context) (string, error) {
	o, err := p.outcome.Wait(ctx)
	if err != nil {
		return "", err
	}
	return o.Result, o.Err
}

// Alive reports whether the process is still running.
func (p *Process) Alive() bool {
	_, ended := p.outcome.Get()
	return !ended
}

// ExitCode returns the exit code of the process, once it has ended.
func (p *Process) ExitCode() (int, bool) {
	o, ended := p.outcome.Get()
	return o.Code, ended
}

// Terminate sends SIGTERM to the process.
func (p *Process) Terminate() error {
	return p.signal(syscall.SIGTERM)
}

func (p *Process) signal(s syscall.Signal) error {
	if err := p.cmd.Process.Signal(s); !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	return nil
}

// Kill sends SIGKILL to the process.
func (p *Process) Kill() error {
	return p.signal(syscall.SIGKILL)
}

// StartDaemon is Start for a process that must not outlive its parent.
func (r *Registry) StartDaemon(name string, args ...string) (*Process, error) {
	return r.start("daemon", name, args)
}
