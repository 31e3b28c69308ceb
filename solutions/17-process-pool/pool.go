// Package pool is the solution of chapter 17. One half knows about processes and nothing
// about tasks that are tried again; the other half knows about workers that may crash,
// and nothing about processes.
package pool

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"sync"
	"syscall"
	"time"
)

var (
	// ErrCrashed says that a worker ended, or could not be understood, before it had answered.
	ErrCrashed = errors.New("worker crashed")
	// ErrClosed says that the pool takes no more tasks.
	ErrClosed = errors.New("pool is closed")
	// ErrTerminated says that the pool was terminated before the task was done.
	ErrTerminated = errors.New("pool was terminated")
	// ErrRunning says that the pool has been neither closed nor terminated.
	ErrRunning = errors.New("pool is still running")
)

// A Worker does tasks, one after the other, until it crashes or is told to end.
type Worker interface {
	Do(task string) (answer string, err error)
	Close()
	Kill()
}

// A Process is a Worker that lives in a process of its own.
type Process struct {
	cmd   *exec.Cmd
	in    io.WriteCloser // its standard input, for send
	out   io.Reader      // its standard output, for receive
	grace time.Duration
	wait  func() error // cmd.Wait, once; whoever comes later waits for the first
}

// StartProcess starts cmd.
func StartProcess(cmd *exec.Cmd, grace time.Duration) (*Process, error) {
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return &Process{cmd: cmd, in: in, out: out, grace: grace, wait: sync.OnceValue(cmd.Wait)}, nil
}

// Do sends the task to the process and waits for its answer.
//
// When that fails it is too late to be polite: nobody knows what the process would make
// of another task. That the pipe has ended does not mean that the process has, so it is
// killed before it is waited for; if it has ended already that does no harm.
func (p *Process) Do(task string) (answer string, err error) {
	kind, text, err := p.ask(task)
	switch {
	case err == nil && kind == answered:
		return text, nil
	case err == nil && kind == failed:
		return "", errors.New(text)
	case err == nil:
		err = fmt.Errorf("a message of unknown kind %q", kind)
	}
	p.cmd.Process.Kill()
	p.wait()
	return "", fmt.Errorf("%w: %v (%v)", ErrCrashed, p.cmd.ProcessState, err)
}

func (p *Process) ask(task string) (kind byte, text string, err error) {
	if err := send(p.in, asked, task); err != nil {
		return 0, "", err
	}
	return receive(p.out)
}

// Close closes the standard input of the process, and uses force if that is not enough.
func (p *Process) Close() {
	p.in.Close()
	p.waitOrKill()
}

// Kill sends SIGTERM, and uses force if that is not enough. Where there is no SIGTERM, or
// no process any more, Signal returns an error.
func (p *Process) Kill() {
	if p.cmd.Process.Signal(syscall.SIGTERM) != nil {
		p.cmd.Process.Kill()
	}
	p.waitOrKill()
}

// waitOrKill waits until the process has ended, and kills it when the grace is over.
func (p *Process) waitOrKill() {
	force := time.AfterFunc(p.grace, func() { p.cmd.Process.Kill() })
	defer force.Stop()
	p.wait()
}

// Options are the properties of a Pool.
type Options struct {
	Workers  int
	Tries    int
	MaxTasks int
}

// A Pool has its tasks done by workers.
//
// A task that is to be done has a goroutine, which waits for a slot. There are as many
// slots as there may be workers, and a slot always comes back, whatever has become of its
// worker: that is the whole of surviving a crash.
type Pool struct {
	options Options
	start   func() (Worker, error)
	slots   chan slot
	ctx     context.Context // ended by Terminate; that kills the workers
	cancel  context.CancelFunc
	end     sync.Once // the workers have been closed, by Join

	mu     sync.Mutex
	closed bool           // guarded by mu
	tasks  sync.WaitGroup // taken and not yet done; Add only under mu, and not when closed
}

// A slot has a place for a worker, who may not have been started.
type slot struct {
	worker Worker // nil if there is none
	done   int    // tasks that it has been given
	spare  func() bool
}

// New returns a pool without workers.
func New(options Options, start func() (Worker, error)) *Pool {
	p := &Pool{options: options, start: start, slots: make(chan slot, options.Workers)}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	for range options.Workers {
		p.slots <- slot{}
	}
	return p
}

// A Result is what becomes of a task.
type Result struct {
	done   chan struct{} // closed when the rest has been set
	answer string
	err    error
}

// Get waits until the task is done. A select with two ready cases takes any, so that it
// has to look a second time.
func (r *Result) Get(ctx context.Context) (answer string, err error) {
	select {
	case <-r.done:
	case <-ctx.Done():
		select {
		case <-r.done:
		default:
			return "", ctx.Err()
		}
	}
	return r.answer, r.err
}

func (r *Result) set(answer string, err error) {
	r.answer, r.err = answer, err
	close(r.done)
}

// Submit has a task done in the background. Whether the pool is closed and that there is
// one task more is decided in one step, or Join might miss it.
func (p *Pool) Submit(task string) *Result {
	r := &Result{done: make(chan struct{})}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		r.set("", ErrClosed)
		return r
	}
	p.tasks.Go(func() { r.set(p.do(task)) })
	return r
}

// do tries a task as often as it may be tried. Each time it queues for a slot again: a
// poisoned task does not keep its place.
func (p *Pool) do(task string) (answer string, err error) {
	for range p.options.Tries {
		answer, err = p.try(task)
		if !errors.Is(err, ErrCrashed) {
			break
		}
		if p.ctx.Err() != nil {
			return "", ErrTerminated // the worker did not crash by itself
		}
	}
	return answer, err
}

// try has a task done by one worker, and gives the slot back.
func (p *Pool) try(task string) (answer string, err error) {
	var s slot
	select {
	case s = <-p.slots:
	case <-p.ctx.Done():
		return "", ErrTerminated
	}
	defer func() { p.slots <- s }()
	if p.ctx.Err() != nil {
		return "", ErrTerminated // both cases were possible, and select does not prefer one
	}
	if s.worker == nil {
		worker, err := p.start()
		if err != nil {
			return "", err
		}
		// Runs Kill on a goroutine of its own when Terminate is called, now if it has been.
		s = slot{worker: worker, spare: context.AfterFunc(p.ctx, worker.Kill)}
		if p.ctx.Err() != nil {
			return "", ErrTerminated
		}
	}
	answer, err = s.worker.Do(task)
	s.done++
	switch {
	case errors.Is(err, ErrCrashed):
		s.spare()
		s = slot{}
	case s.done == p.options.MaxTasks:
		s.close()
		s = slot{}
	}
	return answer, err
}

// close ends the worker, if there is one.
func (s slot) close() {
	if s.worker != nil {
		s.worker.Close()
		s.spare()
	}
}

// Apply has a task done and waits for its answer or its error.
func (p *Pool) Apply(task string) (answer string, err error) {
	return p.Submit(task).Get(context.Background())
}

// Map has all tasks done: it submits all of them before it waits for the first.
func (p *Pool) Map(tasks []string) (answers []string, err error) {
	results := make([]*Result, len(tasks))
	for i, task := range tasks {
		results[i] = p.Submit(task)
	}
	answers = make([]string, len(tasks))
	for i, r := range results {
		answer, failure := r.Get(context.Background())
		if failure == nil {
			answers[i] = answer
		} else if err == nil {
			err = failure
		}
	}
	return answers, err
}

// An Answer is what Unordered sends about one task.
type Answer struct {
	Index int
	Text  string
	Err   error
}

// Unordered has all tasks done. The channel has room for all answers, so that nobody is
// left behind when the receiver goes away.
func (p *Pool) Unordered(tasks []string) <-chan Answer {
	answers := make(chan Answer, len(tasks))
	var all sync.WaitGroup
	for i, task := range tasks {
		r := p.Submit(task)
		all.Go(func() {
			text, err := r.Get(context.Background())
			answers <- Answer{Index: i, Text: text, Err: err}
		})
	}
	go func() {
		all.Wait()
		close(answers)
	}()
	return answers
}

// Close ends the taking of tasks.
func (p *Pool) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
}

// Join waits for the tasks. After that every slot has come back, and with it every worker.
func (p *Pool) Join() error {
	p.mu.Lock()
	closed := p.closed
	p.mu.Unlock()
	if !closed {
		return ErrRunning
	}
	p.tasks.Wait()
	p.end.Do(func() {
		for range p.options.Workers {
			s := <-p.slots
			s.close()
		}
	})
	return nil
}

// Terminate ends the context, which kills every worker there is and every one that start
// has yet to return. Their tasks see a crash, give their slots back, and Join goes on.
func (p *Pool) Terminate() {
	p.Close()
	p.cancel()
	p.Join()
}

// Main is what a worker process runs: it reads tasks from in, does them, one after the
// other, and writes the answers to out. It returns nil when in ends. A panic in do ends
// the process, as it should: that is a crash. Main is complete as it is.
func Main(in io.Reader, out io.Writer, do func(task string) (string, error)) error {
	for {
		_, task, err := receive(in)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		kind := answered
		answer, err := do(task)
		if err != nil {
			kind, answer = failed, err.Error()
		}
		if err := send(out, kind, answer); err != nil {
			return err
		}
	}
}

// The kinds of messages between a pool and its workers.
const (
	asked    byte = 'T' // a task
	answered byte = 'A' // its answer
	failed   byte = 'E' // its error
)

const (
	headerSize = 5       // bytes: the kind, and the length of the text
	maxMessage = 1 << 24 // bytes; who announces more talks nonsense
)

// send writes a message, in one piece. It is complete as it is.
func send(w io.Writer, kind byte, text string) error {
	message := make([]byte, headerSize, headerSize+len(text))
	message[0] = kind
	binary.BigEndian.PutUint32(message[1:], uint32(len(text)))
	_, err := w.Write(append(message, text...))
	return err
}

// receive reads a message. Its error is io.EOF only if r ends before a message begins. It
// is complete as it is.
func receive(r io.Reader) (kind byte, text string, err error) {
	header := make([]byte, headerSize)
	if _, err := io.ReadFull(r, header); err != nil {
		return 0, "", err
	}
	size := binary.BigEndian.Uint32(header[1:])
	if size > maxMessage {
		return 0, "", fmt.Errorf("a message of %d bytes is too long", size)
	}
	body := make([]byte, size)
	if _, err := io.ReadFull(r, body); err == io.EOF {
		return 0, "", io.ErrUnexpectedEOF
	} else if err != nil {
		return 0, "", err
	}
	return header[0], string(body), nil
}
