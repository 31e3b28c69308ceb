// Package process is another right answer to chapter 14. One loop looks after all processes of a
// pipe: it is told of everything that happens, and has one timer, for the next that must be
// killed. An Output has no lock: each change replaces all of it by CompareAndSwap.
package process

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// An Output keeps what a process prints.
type Output struct {
	max int
	now atomic.Pointer[version]
}

// A version of an Output does not change; the next one takes its place.
type version struct {
	last    *piece
	size    int // bytes in last and all before it
	dropped int
	closed  bool
	changed chan struct{} // closed when there is more, or no more to come
}

// A piece is what has been kept of one write, and knows the one before it.
type piece struct {
	before *piece
	text   string
}

// since returns the texts of all pieces after old.
func (p *piece) since(old *piece) string {
	var texts []string
	for ; p != old; p = p.before {
		texts = append(texts, p.text)
	}
	slices.Reverse(texts)
	return strings.Join(texts, "")
}

// NewOutput returns an empty Output that keeps the first max bytes.
func NewOutput(max int) *Output {
	o := &Output{max: max}
	o.now.Store(&version{changed: make(chan struct{})})
	return o
}

// Write keeps what there is room for of data, and drops the rest.
func (o *Output) Write(data []byte) (int, error) {
	for {
		old := o.now.Load()
		if old.closed {
			return 0, os.ErrClosed
		}
		fits := min(len(data), o.max-old.size)
		next := *old
		next.dropped += len(data) - fits
		if fits > 0 {
			next.last = &piece{old.last, string(data[:fits])}
			next.size += fits
			next.changed = make(chan struct{})
		}
		if !o.now.CompareAndSwap(old, &next) {
			continue
		}
		if fits > 0 {
			close(old.changed)
		}
		return len(data), nil
	}
}

// String returns what has been kept so far.
func (o *Output) String() string {
	return o.now.Load().last.since(nil)
}

// Dropped returns how many bytes have been dropped so far.
func (o *Output) Dropped() int {
	return o.now.Load().dropped
}

// Close says that nothing more will come.
func (o *Output) Close() {
	for {
		old := o.now.Load()
		if old.closed {
			return
		}
		next := *old
		next.closed = true
		next.changed = make(chan struct{})
		if o.now.CompareAndSwap(old, &next) {
			close(old.changed)
			return
		}
	}
}

// Await waits until text is in what has been kept. It searches nothing twice.
func (o *Output) Await(ctx context.Context, text string) error {
	var seen *piece
	tail := "" // the end of what has been searched, shorter than text
	for {
		ended := ctx.Err()
		v := o.now.Load()
		tail += v.last.since(seen)
		seen = v.last
		switch {
		case strings.Contains(tail, text):
			return nil
		case v.closed:
			return io.EOF
		case ended != nil:
			return ended
		}
		tail = tail[max(0, len(tail)-len(text)+1):]
		select {
		case <-v.changed:
		case <-ctx.Done():
		}
	}
}

// A Status says how a process has ended: by itself, or by a signal.
type Status struct {
	Code   int
	Signal syscall.Signal
}

// StatusOf returns the status of a process that has been waited for.
func StatusOf(state *os.ProcessState) Status {
	how := state.Sys().(syscall.WaitStatus)
	if how.Exited() {
		return Status{Code: how.ExitStatus()}
	}
	return Status{Code: -1, Signal: how.Signal()}
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
		return Status{Code: -1}, err
	}
	var l loop
	if err := l.start([]Command{c}); err != nil {
		return Status{Code: -1}, err
	}
	statuses, err := l.run(ctx)
	return statuses[0], err
}

// Pipe runs the commands all at the same time, each reading what the one before prints.
func Pipe(ctx context.Context, commands ...Command) ([]Status, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var l loop
	if err := l.start(commands); err != nil {
		return nil, err
	}
	return l.run(ctx)
}

// The states of a job.
const (
	running = iota
	asked   // SIGTERM has been sent, SIGKILL will be at its time
	killed
	over
)

// A job is a process that has been started.
type job struct {
	cmd    *exec.Cmd
	state  int
	grace  time.Duration
	time   time.Time // when it is killed, if it has been asked
	text   string    // for in
	in     io.WriteCloser
	taps   []tap
	status Status
}

func (j *job) signal(sig syscall.Signal) { syscall.Kill(-j.cmd.Process.Pid, sig) }

// A tap lets what a process prints run to a writer.
type tap struct {
	from io.ReadCloser
	to   io.Writer
	turn *sync.Mutex
}

func (t tap) run() {
	defer t.from.Close()
	buffer := make([]byte, 64<<10)
	for {
		n, err := t.from.Read(buffer)
		if n > 0 {
			t.turn.Lock()
			t.to.Write(buffer[:n])
			t.turn.Unlock()
		}
		if err != nil {
			return
		}
	}
}

// A loop is one goroutine, which is told of all that happens to a number of jobs. All
// others only wait for one thing and say that it has happened.
type loop struct {
	jobs  []*job
	turns map[io.Writer]*sync.Mutex
	ends  chan end
	busy  sync.WaitGroup
}

// An end is that of a job, and the error of ctx at that time.
type end struct {
	job   *job
	state *os.ProcessState
	err   error
}

func (l *loop) tap(from io.ReadCloser, to io.Writer) tap {
	if l.turns[to] == nil {
		l.turns[to] = new(sync.Mutex)
	}
	return tap{from, to, l.turns[to]}
}

// start starts all commands or none.
func (l *loop) start(commands []Command) error {
	l.turns = map[io.Writer]*sync.Mutex{}
	var input io.ReadCloser
	for i, c := range commands {
		j, output, err := l.startOne(c, input, i == len(commands)-1)
		if input != nil {
			input.Close()
		}
		if err != nil {
			l.giveUp()
			return err
		}
		input = output
		l.jobs = append(l.jobs, j)
	}
	return nil
}

// startOne starts a command and returns the reading end of its output, if it is not the last.
func (l *loop) startOne(c Command, input io.ReadCloser, last bool) (_ *job, output io.ReadCloser, err error) {
	j := &job{grace: c.Grace, text: c.In, cmd: &exec.Cmd{
		Path:        c.Path,
		Args:        append([]string{c.Path}, c.Args...),
		Env:         append(make([]string, 0, len(c.Env)), c.Env...),
		Dir:         c.Dir,
		SysProcAttr: &syscall.SysProcAttr{Setpgid: true},
	}}
	if input != nil {
		j.cmd.Stdin = input
	} else if c.In != "" {
		in, e := j.cmd.StdinPipe()
		j.in = in
		err = errors.Join(err, e)
	}
	if !last || c.Out != nil {
		out, e := j.cmd.StdoutPipe()
		err = errors.Join(err, e)
		if last {
			j.taps = append(j.taps, l.tap(out, c.Out))
		} else {
			output = out
		}
	}
	if last && c.Err != nil && c.Err == c.Out {
		j.cmd.Stderr = j.cmd.Stdout
	} else if c.Err != nil {
		errs, e := j.cmd.StderrPipe()
		err = errors.Join(err, e)
		j.taps = append(j.taps, l.tap(errs, c.Err))
	}
	if err != nil {
		j.cmd.Err = err // Start closes all pipes then
	}
	return j, output, j.cmd.Start()
}

// giveUp ends all jobs that have been started.
func (l *loop) giveUp() {
	for _, j := range l.jobs {
		j.signal(syscall.SIGKILL)
		j.state = killed
	}
	l.run(context.Background())
}

// run returns when all jobs have ended, and nothing is left of them.
func (l *loop) run(ctx context.Context) (statuses []Status, err error) {
	l.ends = make(chan end, len(l.jobs))
	for _, j := range l.jobs {
		l.busy.Go(func() {
			state, _ := j.cmd.Process.Wait()
			l.ends <- end{j, state, ctx.Err()}
		})
		for _, t := range j.taps {
			l.busy.Go(t.run)
		}
		if j.in != nil {
			l.busy.Go(func() {
				io.WriteString(j.in, j.text)
				j.in.Close()
			})
		}
	}
	stop := ctx.Done()
	for left := len(l.jobs); left > 0; {
		select {
		case e := <-l.ends:
			e.job.signal(syscall.SIGKILL)
			e.job.state = over
			e.job.status = StatusOf(e.state)
			if e.job.in != nil {
				e.job.in.Close()
			}
			if e.err != nil {
				err = e.err
			}
			left--
		case <-stop:
			stop = nil
			for _, j := range l.jobs {
				l.ask(j)
			}
		case now := <-l.alarm():
			for _, j := range l.jobs {
				if j.state == asked && !now.Before(j.time) {
					j.signal(syscall.SIGKILL)
					j.state = killed
				}
			}
		}
	}
	l.busy.Wait()
	for _, j := range l.jobs {
		statuses = append(statuses, j.status)
	}
	return statuses, err
}

// ask asks a job to end, if it runs.
func (l *loop) ask(j *job) {
	switch {
	case j.state != running:
	case j.grace <= 0:
		j.signal(syscall.SIGKILL)
		j.state = killed
	default:
		j.signal(syscall.SIGTERM)
		j.state, j.time = asked, time.Now().Add(j.grace)
	}
}

// alarm returns when the next job must be killed, if there is one.
func (l *loop) alarm() <-chan time.Time {
	var next *job
	for _, j := range l.jobs {
		if j.state == asked && (next == nil || j.time.Before(next.time)) {
			next = j
		}
	}
	if next == nil {
		return nil
	}
	return time.After(time.Until(next.time))
}
