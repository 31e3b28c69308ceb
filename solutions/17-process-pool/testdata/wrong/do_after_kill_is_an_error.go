// want: fail in TestProcessKill
// file: worker.go

// A Do that comes after Kill returns an error that is the task's own, it seems.
package pool

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// ErrCrashed says that a worker ended, or could not be understood, before it had answered.
var ErrCrashed = errors.New("worker crashed")

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
	over  atomic.Bool  // Close or Kill was called
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
	if p.over.Load() {
		return "", errors.New("the process has been told to end")
	}
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
	p.over.Store(true)
	p.in.Close()
	p.waitOrKill()
}

// Kill sends SIGTERM, and uses force if that is not enough. Where there is no SIGTERM, or
// no process any more, Signal returns an error.
func (p *Process) Kill() {
	p.over.Store(true)
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
