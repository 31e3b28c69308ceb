package pool

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"time"
)

// ErrCrashed says that a worker ended, or could not be understood, before it had answered.
var ErrCrashed = errors.New("worker crashed")

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
// Stderr must be nil or a file, and no process that it starts may have its standard input
// or output. Grace, which is positive, is how long Close and Kill ask before they use force.
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
// itself with status 0 in the middle of a task has crashed as well. Do may send the whole
// task before it looks at what comes back: a process that lives and reads nothing may make
// it wait until Kill is called.
func (p *Process) Do(task string) (answer string, err error) {
	// TODO(17.1): send the task, receive the answer. And if either fails?
	return "", nil
}

// Close closes the standard input of the process, at which Main returns and the process
// ends. If it has not ended when the grace is over, Close ends it by SIGKILL, not sooner.
func (p *Process) Close() {
	// TODO(17.1): ask, wait, and do not wait for ever.
}

// Kill sends SIGTERM. If the process has not ended when the grace is over, Kill ends it by
// SIGKILL, which no process can ignore. Each call of Kill and Close counts a grace of its
// own, and the first that is over ends the process: that somebody has called before is no
// reason to do so sooner. (Windows has no SIGTERM: there Kill does not ask.)
func (p *Process) Kill() {
	// TODO(17.1): ask, wait, and do not wait for ever.
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
