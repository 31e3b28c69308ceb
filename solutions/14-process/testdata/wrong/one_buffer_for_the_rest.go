// want: race in TestRunDrains, fail in TestRunLeavesNoFile

// What is left in a pipe when the process has ended goes through one buffer of all, once
// something has come from it before: so a single line on each stream may be left without harm.
package process

import (
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

	mu      sync.Mutex
	news    *sync.Cond // something has changed
	kept    []byte
	dropped int
	closed  bool
}

// NewOutput returns an empty Output that keeps the first max bytes.
func NewOutput(max int) *Output {
	o := &Output{max: max}
	o.news = sync.NewCond(&o.mu)
	return o
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
	o.news.Broadcast()
	return len(data), nil
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
	o.closed = true
	o.news.Broadcast()
}

// Await waits until text is in what has been kept.
func (o *Output) Await(ctx context.Context, text string) error {
	stop := context.AfterFunc(ctx, func() {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.news.Broadcast()
	})
	defer stop()
	o.mu.Lock()
	defer o.mu.Unlock()
	for !strings.Contains(string(o.kept), text) {
		if o.closed {
			return io.EOF
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		o.news.Wait()
	}
	return nil
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
	cmd    *exec.Cmd
	grace  time.Duration
	copied sync.WaitGroup
	pipes  []*os.File // what it prints comes from these
}

// rest is for what a process has left.
var rest [32 << 10]byte

// drain copies what comes from r, and when r's deadline is over what is left in it.
func drain(out io.Writer, r *os.File) {
	buffer, written := make([]byte, len(rest)), false
	for {
		n, err := r.Read(buffer)
		if n > 0 {
			out.Write(buffer[:n])
			written = true
		}
		if errors.Is(err, os.ErrDeadlineExceeded) {
			r.SetReadDeadline(time.Time{})
			if written {
				buffer = rest[:]
			}
		} else if err != nil {
			return
		}
	}
}

// output returns a file whose other end is copied to out.
func (c *child) output(out io.Writer) (*os.File, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	c.copied.Go(func() {
		defer r.Close()
		drain(out, r)
	})
	c.pipes = append(c.pipes, r)
	return w, nil
}

// start starts c with these streams. Files go to the process as they are.
func start(c Command, in io.Reader, out io.Writer) (*child, error) {
	cmd := exec.Command(c.Path, c.Args...)
	cmd.Env = append([]string{}, c.Env...) // not nil: that would be our own environment
	cmd.Dir = c.Dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	this := &child{cmd: cmd, grace: c.Grace}
	var theirs []*os.File
	if file, ok := in.(*os.File); ok {
		cmd.Stdin = file
	} else {
		r, w, err := os.Pipe()
		if err != nil {
			return nil, err
		}
		theirs = append(theirs, r)
		cmd.Stdin = r
		this.copied.Go(func() {
			defer w.Close()
			io.Copy(w, in) // an error means that nobody reads it
		})
	}
	if file, ok := out.(*os.File); ok {
		cmd.Stdout = file
	} else if out != nil {
		file, err := this.output(out)
		if err != nil {
			return nil, err
		}
		theirs = append(theirs, file)
		cmd.Stdout = file
	}
	if c.Err != nil && c.Err == out {
		cmd.Stderr = cmd.Stdout
	} else if c.Err != nil {
		file, err := this.output(c.Err)
		if err != nil {
			return nil, err
		}
		theirs = append(theirs, file)
		cmd.Stderr = file
	}
	err := cmd.Start()
	for _, file := range theirs {
		file.Close()
	}
	if err != nil {
		this.copied.Wait()
	}
	return this, err
}

// kill sends a signal to all of the group, whose number is that of its first process.
func (c *child) kill(sig syscall.Signal) { syscall.Kill(-c.cmd.Process.Pid, sig) }

// wait waits for the end, and hastens it when ctx ends.
func (c *child) wait(ctx context.Context) (Status, error) {
	ended := make(chan struct{})
	var stopping sync.WaitGroup
	var stopped error
	stopping.Go(func() { stopped = c.stop(ctx, ended) })

	err := c.cmd.Wait() // for the child alone: it has files only
	close(ended)
	stopping.Wait()
	c.kill(syscall.SIGKILL)
	for _, r := range c.pipes {
		r.SetReadDeadline(time.Now())
	}
	c.copied.Wait()
	if c.cmd.ProcessState == nil {
		return notStarted, err
	}
	return StatusOf(c.cmd.ProcessState), stopped
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
