// want: fail in TestAwaitGivesUp, fail in TestRunNotAtAll, fail in TestRunKillsTheGroup

// Await and Run return why ctx has ended, where its Err was promised.
package process

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// An Output keeps what a process prints.
type Output struct {
	max     int
	mu      sync.Mutex
	kept    []byte
	dropped int
	closed  bool
	change  chan struct{}
}

// NewOutput returns an empty Output.
func NewOutput(max int) *Output {
	return &Output{max: max, change: make(chan struct{})}
}

func (o *Output) changed() {
	close(o.change)
	o.change = make(chan struct{})
}

// Write keeps what there is room for.
func (o *Output) Write(data []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return 0, os.ErrClosed
	}
	n := min(len(data), o.max-len(o.kept))
	o.kept = append(o.kept, data[:n]...)
	o.dropped += len(data) - n
	if n > 0 {
		o.changed()
	}
	return len(data), nil
}

// String returns what has been kept so far.
func (o *Output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return string(o.kept)
}

// Dropped returns how many bytes have been dropped.
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
		o.changed()
	}
}

// Await waits for text.
func (o *Output) Await(ctx context.Context, text string) error {
	for {
		over := context.Cause(ctx) // before the look: what was there when it ended counts
		o.mu.Lock()
		found, closed, change := bytes.Contains(o.kept, []byte(text)), o.closed, o.change
		o.mu.Unlock()
		switch {
		case found:
			return nil
		case closed:
			return io.EOF
		case over != nil:
			return over
		}
		select {
		case <-change:
		case <-ctx.Done():
		}
	}
}

// A Status says how a process has ended: by itself, or by a signal.
type Status struct {
	Code   int            // what the program has given to exit, 0 to 255; -1 if a signal ended it
	Signal syscall.Signal // the signal that ended it; 0 if it has ended by itself
}

// StatusOf returns the status of a process that has been waited for. Python's returncode
// is both in one number: 3 for an exit status, -9 for a signal.
//
// A program may exit with any number from 0 to 255, with 137 as well: that does not mean
// that anything has killed it, though a shell would say both in the same way.
func StatusOf(state *os.ProcessState) Status {
	if ws, ok := state.Sys().(syscall.WaitStatus); ok && ws.Signaled() {
		return Status{Code: -1, Signal: ws.Signal()}
	}
	return Status{Code: state.ExitCode()}
}

// A Command says what to run, and where its streams go.
type Command struct {
	Path  string        // the program's file, an absolute path
	Args  []string      // its arguments, without its name; no shell looks at them
	Env   []string      // its whole environment, "NAME=value" each: it gets nothing of ours
	Dir   string        // the directory in which it starts; "" is ours
	In    string        // what it can read from its standard input, and then the input ends
	Out   io.Writer     // where its standard output goes; nil is nowhere
	Err   io.Writer     // where its standard error goes; nil is nowhere
	Grace time.Duration // how long it may go on after SIGTERM; 0 or less is not at all
}

// A child is one process that has been started, and what belongs to it.
type child struct {
	cmd   *exec.Cmd
	grace time.Duration
	in    *os.File // our end of its input
	outs  []*stream
	work  sync.WaitGroup
}

func same(a, b io.Writer) (equal bool) {
	defer func() { _ = recover() }() // who cannot be compared is not the same pointer
	return a == b
}

// launch starts c. Stdin and stdout, if not nil, take the places of In and Out.
func launch(c Command, stdin, stdout *os.File) (*child, error) {
	ch := &child{grace: c.Grace, cmd: &exec.Cmd{
		Path:        c.Path,
		Args:        append([]string{c.Path}, c.Args...),
		Env:         append([]string{}, c.Env...),
		Dir:         c.Dir,
		SysProcAttr: &syscall.SysProcAttr{Setpgid: true},
	}}
	var theirs []*os.File
	defer func() {
		for _, f := range theirs {
			f.Close()
		}
	}()
	fail := func(err error) (*child, error) {
		if ch.in != nil {
			ch.in.Close()
		}
		for _, s := range ch.outs {
			s.r.Close()
		}
		return nil, err
	}
	open := func(to io.Writer) (*os.File, error) {
		r, w, err := os.Pipe()
		if err != nil {
			return nil, err
		}
		theirs = append(theirs, w)
		ch.outs = append(ch.outs, &stream{r: r, to: to})
		return w, nil
	}
	if stdin != nil {
		ch.cmd.Stdin = stdin
	} else if c.In != "" {
		r, w, err := os.Pipe()
		if err != nil {
			return fail(err)
		}
		theirs = append(theirs, r)
		ch.in, ch.cmd.Stdin = w, r
	}
	if stdout != nil {
		ch.cmd.Stdout = stdout
	} else if c.Out != nil {
		w, err := open(c.Out)
		if err != nil {
			return fail(err)
		}
		ch.cmd.Stdout = w
	}
	if c.Err != nil {
		if stdout == nil && c.Out != nil && same(c.Out, c.Err) {
			ch.cmd.Stderr = ch.cmd.Stdout
		} else {
			w, err := open(c.Err)
			if err != nil {
				return fail(err)
			}
			ch.cmd.Stderr = w
		}
	}
	if err := ch.cmd.Start(); err != nil {
		return fail(err)
	}
	if ch.in != nil {
		ch.work.Go(func() {
			defer ch.in.Close()
			_, _ = io.WriteString(ch.in, c.In)
		})
	}
	for _, s := range ch.outs {
		ch.work.Go(s.copy)
	}
	return ch, nil
}

func (ch *child) signal(sig syscall.Signal) {
	_ = syscall.Kill(-ch.cmd.Process.Pid, sig)
}

type stream struct {
	r     *os.File
	to    io.Writer
	ended atomic.Bool
}

// copy copies until the end of the pipe, or until the process has ended and there is nothing
// in the pipe any more.
func (s *stream) copy() {
	defer s.r.Close()
	raw, err := s.r.SyscallConn()
	if err != nil {
		return
	}
	buf := make([]byte, 32<<10)
	last := 0
	for last < 1<<20 { // there is no more room in a pipe: somebody else still prints
		n, again := 0, false
		err := raw.Read(func(fd uintptr) bool {
			n, again = read(int(fd), buf)
			return !again
		})
		if err != nil { // the deadline
			if raw.Control(func(fd uintptr) { n, again = read(int(fd), buf) }) != nil {
				return
			}
		}
		if n > 0 {
			_, _ = s.to.Write(buf[:n])
		}
		if n > 0 && err != nil {
			last += n
		}
		if n <= 0 && (err != nil || !again) {
			return
		}
	}
}

func read(fd int, buf []byte) (n int, again bool) {
	for {
		n, err := syscall.Read(fd, buf)
		if err == syscall.EINTR {
			continue
		}
		return n, err == syscall.EAGAIN
	}
}

// over is called when the process has ended.
func (ch *child) over() {
	ch.signal(syscall.SIGKILL)
	if ch.in != nil {
		_ = ch.in.SetWriteDeadline(time.Now())
	}
	for _, s := range ch.outs {
		s.ended.Store(true)
		_ = s.r.SetReadDeadline(time.Now())
	}
	ch.work.Wait()
}

// wait waits for the end, and brings it about when ctx ends.
func (ch *child) wait(ctx context.Context) (Status, error) {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = ch.cmd.Wait()
	}()
	var err error
	select {
	case <-ended:
	case <-ctx.Done():
		err = context.Cause(ctx)
		if ch.grace > 0 {
			ch.signal(syscall.SIGTERM)
			t := time.NewTimer(ch.grace)
			select {
			case <-ended:
			case <-t.C:
			}
			t.Stop()
		}
		ch.signal(syscall.SIGKILL)
		<-ended
	}
	ch.over()
	return StatusOf(ch.cmd.ProcessState), err
}

// Run runs c.
func Run(ctx context.Context, c Command) (Status, error) {
	if err := context.Cause(ctx); err != nil {
		return Status{Code: -1}, err
	}
	ch, err := launch(c, nil, nil)
	if err != nil {
		return Status{Code: -1}, err
	}
	return ch.wait(ctx)
}

// Pipe runs the commands all at the same time.
func Pipe(ctx context.Context, commands ...Command) ([]Status, error) {
	if err := context.Cause(ctx); err != nil && len(commands) > 0 {
		return nil, err
	}
	var children []*child
	var stdin *os.File
	for i, c := range commands {
		var r, w *os.File
		var err error
		if i < len(commands)-1 {
			r, w, err = os.Pipe()
		}
		var ch *child
		if err == nil {
			ch, err = launch(c, stdin, w)
		}
		for _, f := range []*os.File{stdin, w} {
			if f != nil {
				f.Close()
			}
		}
		stdin = r
		if err != nil {
			if r != nil {
				r.Close()
			}
			for _, ch := range children {
				ch.signal(syscall.SIGKILL)
			}
			for _, ch := range children {
				_ = ch.cmd.Wait()
				ch.over()
			}
			return nil, err
		}
		children = append(children, ch)
	}
	statuses := make([]Status, len(children))
	errs := make([]error, len(children))
	var all sync.WaitGroup
	for i, ch := range children {
		all.Go(func() { statuses[i], errs[i] = ch.wait(ctx) })
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			return statuses, err
		}
	}
	return statuses, nil
}
