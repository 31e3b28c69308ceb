// Package pool is chapter 17: a pool of worker processes that goes on when a worker is
// killed, hangs up or talks nonsense. In Python you would reach for multiprocessing.Pool,
// and it would not.
package pool

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os/exec"
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

// A Worker does tasks, one after the other, until it crashes or is told to end. Do and
// Close are for one goroutine at a time; Kill may be called by anybody at any time.
type Worker interface {
	// Do does one task and waits until it is done. An error for which
	// errors.Is(err, ErrCrashed) holds is about the worker: it has ended, nothing is
	// left of it, and neither Close nor Kill need be called. Any other error is the
	// task's own answer, and the worker is ready for the next one.
	Do(task string) (answer string, err error)

	// Close tells the worker to end and waits until it has. It may take a while. If the
	// worker has ended before, Close returns at once.
	Close()

	// Kill ends the worker whatever it does, and waits until it has ended: a Do that
	// runs returns ErrCrashed, if it has not just been done, and a Close returns. If the
	// worker has ended before, Kill returns at once.
	Kill()
}

// A Process is a Worker that lives in a process of its own. Make one with StartProcess.
// When Do has returned ErrCrashed, or Close or Kill has returned, the process has ended
// and has been waited for: it is no zombie, and its pipes are closed on this side, too.
//
// If this program is killed itself, the system closes the pipes, and Main returns when it
// comes to read its next task: a worker that runs Main does not stay behind as an orphan.
type Process struct {
	cmd   *exec.Cmd
	in    io.WriteCloser // its standard input, for send
	out   io.Reader      // its standard output, for receive
	grace time.Duration
	// TODO(17.1): cmd.Wait works once. Who calls it, and how do the others learn that it is over?
}

// StartProcess starts cmd, whose Stdin and Stdout must be nil, and which runs Main. Its
// Stderr must be nil or a file. Grace, which is positive, is how long Close and Kill ask
// before they use force.
//
// It is nearly complete as it is: you may want to fill in fields that you have added.
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
	return &Process{cmd: cmd, in: in, out: out, grace: grace}, nil
}

// Do sends the task to the process and waits for its answer, which Main sends. What Main
// sends as failed becomes an error with that text.
//
// If the task cannot be sent, or anything comes back that is not a whole answer, Do makes
// sure that the process ends (it may live, and only have closed its pipe), waits for it,
// and returns ErrCrashed. The text of that error also has how the process ended, as
// os.ProcessState says it: "signal: killed", "exit status 3". A process that ends by
// itself with status 0 in the middle of a task has crashed as well.
func (p *Process) Do(task string) (answer string, err error) {
	// TODO(17.1): send the task, receive the answer. And if either fails?
	return "", nil
}

// Close closes the standard input of the process, at which Main returns and the process
// ends. If it has not ended when the grace is over, Close ends it by SIGKILL.
func (p *Process) Close() {
	// TODO(17.1): ask, wait, and do not wait for ever.
}

// Kill sends SIGTERM. If the process has not ended when the grace is over, Kill ends it by
// SIGKILL, which no process can ignore. (Windows has no SIGTERM: there Kill does not ask.)
func (p *Process) Kill() {
	// TODO(17.1): ask, wait, and do not wait for ever.
}

// Options are the properties of a Pool.
type Options struct {
	Workers  int // how many workers may live at the same time; positive
	Tries    int // how often a task is tried whose worker crashes; positive
	MaxTasks int // how many tasks a worker gets; 0 for any number. In Python: maxtasksperchild
}

// A Pool has its tasks done by workers. Make one with New; do not copy it. Its methods may
// be called by any number of goroutines at the same time. Whoever makes one must Close
// and Join it, or Terminate it.
//
// A worker is started when a task needs one, and does one task after the other. There are
// never more than Options.Workers; a worker counts from the call of start until Do has
// returned ErrCrashed, or Close or Kill has returned. As long as that many tasks are to be
// done, that many are being done at the same time (or their workers are being started or
// closed), whatever has happened to earlier workers. In which order tasks begin is not said.
//
// If a worker crashes its task is tried again, with another worker, until it has been
// tried Options.Tries times: then ErrCrashed, as the last worker returned it, is its
// error. Other tasks do not notice. A task whose own error Do returns is not tried again.
// If start returns an error it is the error of the task that needed the worker; the next
// task tries to start one again.
//
// A worker that has been given Options.MaxTasks tasks is closed as soon as the last of
// them is done, not when the next one comes.
type Pool struct {
	options Options
	start   func() (Worker, error)
	// TODO(17.2): which workers are idle, how many may still be started, and what guards that?
}

// New returns a pool without workers. Start is called to start one, by several goroutines
// at the same time if need be.
func New(options Options, start func() (Worker, error)) *Pool {
	return &Pool{options: options, start: start}
}

// A Result is what becomes of a task. In Python: AsyncResult.
type Result struct {
	// TODO(17.2): the answer, the error, and something to wait for.
}

// Get waits until the task is done and returns its answer or its error. If ctx ends before
// that, Get returns ctx.Err(), and the task goes on. A task that is done counts, even if
// ctx has ended. Any number of goroutines may call Get, any number of times.
func (r *Result) Get(ctx context.Context) (answer string, err error) {
	// TODO(17.2): wait for the task, or for the end of ctx.
	return "", nil
}

// Submit has a task done in the background and returns at once. After Close or Terminate
// the task is not done, and its error is ErrClosed. In Python: apply_async.
func (p *Pool) Submit(task string) *Result {
	// TODO(17.2): find a worker, or start one; try again if it crashes.
	// TODO(17.4): take no task after Close. Who closes a worker that has done its share?
	return &Result{}
}

// Apply has a task done and waits for its answer or its error.
func (p *Pool) Apply(task string) (answer string, err error) {
	// TODO(17.2): this is short.
	return "", nil
}

// Map has all tasks done, side by side, and returns their answers in the order of the
// tasks. It waits for all of them even if some have errors: it returns the error of the
// first of those, in the order of the tasks, and "" as the answers of all of those.
func (p *Pool) Map(tasks []string) (answers []string, err error) {
	// TODO(17.3): side by side, but in order.
	return nil, nil
}

// An Answer is what Unordered sends about one task.
type Answer struct {
	Index int    // of the task, from 0
	Text  string // its answer
	Err   error  // or its error
}

// Unordered has all tasks done, side by side, and returns at once a channel that gets
// their answers as they are done; after the last of them it is closed. Whoever loses
// interest may stop receiving: the tasks are done all the same, and after Join nothing is
// left in the background. In Python: imap_unordered.
func (p *Pool) Unordered(tasks []string) <-chan Answer {
	// TODO(17.3): whoever is done first comes first, and nobody waits for the receiver.
	answers := make(chan Answer)
	close(answers)
	return answers
}

// Close ends the taking of tasks; those that were taken will be done. It does not wait.
func (p *Pool) Close() {
	// TODO(17.4): what happens to a task that comes at the same moment?
}

// Join waits until every task that was taken is done, closes the workers and waits for
// them: when it returns nil, all Results are done, no worker is left, and nothing in the
// background. If the pool has been neither closed nor terminated Join returns ErrRunning
// at once. It may be called many times, also at the same time.
func (p *Pool) Join() error {
	// TODO(17.4): who is still at work, and who has to go?
	return nil
}

// Terminate ends the taking of tasks, kills all workers and waits for them: when it
// returns, all Results are done, no worker is left, and nothing in the background. It
// kills the workers at the same time: nobody's grace is added to another's.
//
// A task that is waiting for a worker when Terminate is called does not begin any more,
// and no worker is started for it; if one is being started just then, the task does not
// begin either. No task is tried again. The error of every task that did not come to its
// end is ErrTerminated.
//
// Terminate may be called at any time, also while Join waits, and many times; each call
// returns when all is over. It may not be called by start, nor by a worker.
func (p *Pool) Terminate() {
	// TODO(17.5): whose worker is where? Forget none, not even one that is just being born.
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
