// Package process is another right answer to chapter 14. Await looks every millisecond; timers
// and context.AfterFunc do what a goroutine does in the reference; the commands of a pipe are
// connected by StdoutPipe, whose end is closed as soon as the next one has it.
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

	lock    chan struct{} // has room for the one who holds it
	kept    []byte
	dropped int
	closed  bool
}

// NewOutput returns an empty Output that keeps the first max bytes.
func NewOutput(max int) *Output {
	return &Output{max: max, lock: make(chan struct{}, 1)}
}

// Write keeps what there is room for of data, and drops the rest.
func (o *Output) Write(data []byte) (int, error) {
	o.lock <- struct{}{}
	defer func() { <-o.lock }()
	if o.closed {
		return 0, os.ErrClosed
	}
	fits := min(len(data), o.max-len(o.kept))
	o.kept = append(o.kept, data[:fits]...)
	o.dropped += len(data) - fits
	return len(data), nil
}

// String returns what has been kept so far.
func (o *Output) String() string {
	o.lock <- struct{}{}
	defer func() { <-o.lock }()
	return string(o.kept)
}

// Dropped returns how many bytes have been dropped so far.
func (o *Output) Dropped() int {
	o.lock <- struct{}{}
	defer func() { <-o.lock }()
	return o.dropped
}

// Close says that nothing more will come.
func (o *Output) Close() {
	o.lock <- struct{}{}
	o.closed = true
	<-o.lock
}

// Await waits until text is in what has been kept.
func (o *Output) Await(ctx context.Context, text string) error {
	for {
		ended := ctx.Err()
		o.lock <- struct{}{}
		there, closed := bytes.Contains(o.kept, []byte(text)), o.closed
		<-o.lock
		switch {
		case there:
			return nil
		case closed:
			return io.EOF
		case ended != nil:
			return ended
		}
		time.Sleep(time.Millisecond)
	}
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
	child := prepare(c, strings.NewReader(c.In), c.Out)
	if err := child.cmd.Start(); err != nil {
		return notStarted, err
	}
	return child.wait(ctx)
}

// A child is a process that has been started and must be waited for.
type child struct {
	cmd   *exec.Cmd
	grace time.Duration
}

// prepare makes everything ready to start c with these streams.
func prepare(c Command, in io.Reader, out io.Writer) *child {
	cmd := exec.Command(c.Path, c.Args...)
	cmd.Env = append([]string{}, c.Env...) // not nil: that would be our own environment
	cmd.Dir = c.Dir
	cmd.Stdin, cmd.Stdout, cmd.Stderr = in, out, c.Err
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return &child{cmd, c.Grace}
}

// kill sends a signal to all of the group, whose number is that of its first process.
func (c *child) kill(sig syscall.Signal) { syscall.Kill(-c.cmd.Process.Pid, sig) }

// wait waits for the end, and hastens it when ctx ends.
func (c *child) wait(ctx context.Context) (Status, error) {
	var mu sync.Mutex
	var force *time.Timer // that kills who has not ended when Grace is over
	ended := false
	kill := func() {
		mu.Lock()
		defer mu.Unlock()
		if !ended {
			c.kill(syscall.SIGKILL)
		}
	}
	stopped := make(chan struct{})
	spare := context.AfterFunc(ctx, func() {
		defer close(stopped)
		if c.grace <= 0 {
			kill()
			return
		}
		mu.Lock()
		defer mu.Unlock()
		if !ended {
			c.kill(syscall.SIGTERM)
			force = time.AfterFunc(c.grace, kill)
		}
	})
	state, _ := c.cmd.Process.Wait()
	mu.Lock()
	ended = true
	if force != nil {
		force.Stop()
	}
	mu.Unlock()
	var err error
	if !spare() {
		<-stopped
		err = ctx.Err()
	}
	c.kill(syscall.SIGKILL)
	c.cmd.Wait()
	return StatusOf(state), err
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
	var before io.ReadCloser // where the next one reads what the one before prints
	for i, c := range commands {
		if i == 0 {
			before = io.NopCloser(strings.NewReader(c.In))
		}
		child := prepare(c, before, c.Out)
		reads := before
		if i < len(commands)-1 {
			child.cmd.Stdout = nil
			if before, err = child.cmd.StdoutPipe(); err != nil {
				return children, err
			}
		}
		err := child.cmd.Start()
		reads.Close()
		if err != nil {
			return children, err
		}
		children = append(children, child)
	}
	return children, nil
}
