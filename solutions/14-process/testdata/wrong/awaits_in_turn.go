// want: deadlock in TestAwaitGivesUp

// One Await at a time waits for a text. The others wait for it, whatever their contexts do.
package process

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

// An Output keeps what a process prints.
type Output struct {
	max int

	waiting sync.Mutex // held by whoever waits in Await
	mu      sync.Mutex
	kept    []byte
	dropped int
	closed  bool
	changed chan struct{} // closed, and replaced, at every change
}

// NewOutput returns an empty Output that keeps the first max bytes.
func NewOutput(max int) *Output {
	return &Output{max: max, changed: make(chan struct{})}
}

// Write keeps what there is room for of data, and drops the rest.
func (o *Output) Write(data []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return 0, os.ErrClosed
	}
	fits := min(len(data), o.max-len(o.kept))
	o.kept = append(o.kept, data[:fits]...)
	o.dropped += len(data) - fits
	o.change()
	return len(data), nil
}

// change wakes all who wait. The caller holds the lock.
func (o *Output) change() {
	close(o.changed)
	o.changed = make(chan struct{})
}

// String returns what has been kept so far.
func (o *Output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return string(o.kept)
}

// Dropped returns how many bytes have been dropped so far.
func (o *Output) Dropped() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.dropped
}

// Close says that nothing more will come.
func (o *Output) Close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.closed {
		o.closed = true
		o.change()
	}
}

// Await waits until text is in what has been kept.
func (o *Output) Await(ctx context.Context, text string) error {
	for {
		ended := ctx.Err() // before the look, so that a text that came before the end is seen
		there, closed, changed := o.look(text)
		switch {
		case there:
			return nil
		case closed:
			return io.EOF
		case ended != nil:
			return ended
		}
		o.waiting.Lock()
		select {
		case <-changed:
		case <-ctx.Done():
		}
		o.waiting.Unlock()
	}
}

// look says what there is, and what will be closed when that changes: taken in one step, so
// that no change is lost between them.
func (o *Output) look(text string) (there, closed bool, changed <-chan struct{}) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return bytes.Contains(o.kept, []byte(text)), o.closed, o.changed
}

// A Status says how a process has ended: by itself, or by a signal.
type Status struct {
	Code   int
	Signal syscall.Signal
}

// notStarted is the status of a process that there never was.
var notStarted = Status{Code: -1}

// StatusOf returns the status of a process that has been waited for.
func StatusOf(state *os.ProcessState) Status {
	if waited, ok := state.Sys().(syscall.WaitStatus); ok && waited.Signaled() {
		return Status{Code: -1, Signal: waited.Signal()}
	}
	return Status{Code: state.ExitCode()}
}

// A Command says what to run, and where its streams go.
type Command struct {
	Path  string
	Args  []string
	Env   []string
	Dir   string
	In    string
	Out   io.Writer
	Err   io.Writer
	Grace time.Duration
}

// Run runs c in a process group of its own, until it has ended.
func Run(ctx context.Context, c Command) (Status, error) {
	if err := ctx.Err(); err != nil {
		return notStarted, err
	}
	child, err := start(c, strings.NewReader(c.In), c.Out)
	if err != nil {
		return notStarted, err
	}
	return child.wait(ctx)
}

// A child is a process that has been started and must be waited for.
type child struct {
	cmd   *exec.Cmd
	grace time.Duration
}

// start starts c with these streams. Files go to the process as they are; for anything else
// package exec makes a pipe, and a goroutine that copies.
func start(c Command, in io.Reader, out io.Writer) (*child, error) {
	cmd := exec.Command(c.Path, c.Args...)
	cmd.Env = append([]string{}, c.Env...) // not nil: that would be our own environment
	cmd.Dir = c.Dir
	cmd.Stdin, cmd.Stdout, cmd.Stderr = in, out, c.Err
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return &child{cmd, c.Grace}, cmd.Start()
}

// kill sends a signal to all of the group, whose number is that of its first process.
func (c *child) kill(sig syscall.Signal) { syscall.Kill(-c.cmd.Process.Pid, sig) }

// wait waits for the end, and hastens it when ctx ends.
func (c *child) wait(ctx context.Context) (Status, error) {
	ended := make(chan struct{})
	var stopping sync.WaitGroup
	var stopped error
	stopping.Go(func() { stopped = c.stop(ctx, ended) })

	state, err := c.cmd.Process.Wait() // the child has ended, and is no zombie
	close(ended)
	stopping.Wait()
	c.kill(syscall.SIGKILL) // whoever it has left behind, and who may hold its pipes open
	c.cmd.Wait()            // so now the pipes end, and what was in them has been copied
	if err != nil {
		return notStarted, err
	}
	return StatusOf(state), stopped
}

// stop ends the group when ctx ends, and returns why; nil if the child ends before that.
func (c *child) stop(ctx context.Context, ended <-chan struct{}) error {
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
	}
	if c.grace > 0 {
		c.kill(syscall.SIGTERM)
		select {
		case <-ended:
			return ctx.Err()
		case <-time.After(c.grace):
		}
	}
	c.kill(syscall.SIGKILL)
	return ctx.Err()
}

// Pipe runs the commands all at the same time, each reading what the one before prints.
func Pipe(ctx context.Context, commands ...Command) ([]Status, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	children, err := startAll(commands)
	if err != nil {
		for _, child := range children {
			child.kill(syscall.SIGKILL)
			child.wait(context.Background())
		}
		return nil, err
	}
	statuses := make([]Status, len(children))
	errs := make([]error, len(children))
	var all sync.WaitGroup
	for i, child := range children {
		all.Go(func() { statuses[i], errs[i] = child.wait(ctx) })
	}
	all.Wait()
	return statuses, errors.Join(errs...)
}

// startAll starts the commands with pipes between them. With an error it returns those that
// it has started.
func startAll(commands []Command) (children []*child, err error) {
	var before *os.File // where the next one reads what the one before prints
	defer func() {
		if before != nil {
			before.Close()
		}
	}()
	for i, c := range commands {
		in, out := io.Reader(strings.NewReader(c.In)), c.Out
		if before != nil {
			in = before
		}
		var theirs, next *os.File
		if i < len(commands)-1 {
			if next, theirs, err = os.Pipe(); err != nil {
				return children, err
			}
			out = theirs
		}
		child, err := start(c, in, out)
		// The children have ends of their own. As long as we hold these too, nobody sees
		// that the other side has gone.
		for _, end := range []*os.File{before, theirs} {
			if end != nil {
				end.Close()
			}
		}
		before = next
		if err != nil {
			return children, err
		}
		children = append(children, child)
	}
	return children, nil
}
