// file: worker.go
// Whoever comes first starts the goroutine that waits.
package pool

import (
	"bufio"
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
	in    io.WriteCloser
	out   *bufio.Reader
	grace time.Duration

	once  sync.Once
	ended context.Context // it has, and has been waited for
	over  context.CancelFunc
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
	p := &Process{cmd: cmd, in: in, out: bufio.NewReader(out), grace: grace}
	p.ended, p.over = context.WithCancel(context.Background())
	return p, nil
}

// wait waits until the process has ended, in one goroutine for all who want to know.
func (p *Process) wait() context.Context {
	p.once.Do(func() {
		go func() {
			p.cmd.Wait()
			p.over()
		}()
	})
	return p.ended
}

// Do sends the task to the process and waits for its answer. It sends on a goroutine of
// its own, so that a worker that answers before it has read everything is no problem.
func (p *Process) Do(task string) (string, error) {
	sent := make(chan error, 1)
	go func() {
		err := send(p.in, asked, task)
		if err != nil {
			p.cmd.Process.Kill() // it may live, and not answer
		}
		sent <- err
	}()
	kind, text, err := receive(p.out)
	if err == nil && kind != answered && kind != failed {
		err = errors.New("neither an answer nor an error")
	}
	if err != nil {
		p.cmd.Process.Signal(syscall.SIGKILL)
	}
	if failure := <-sent; err == nil {
		err = failure
	}
	if err != nil {
		<-p.wait().Done()
		return "", fmt.Errorf("%w: %s: %w", ErrCrashed, p.cmd.ProcessState.String(), err)
	}
	if kind == failed {
		return "", errors.New(text)
	}
	return text, nil
}

// Close closes the standard input of the process.
func (p *Process) Close() {
	p.in.Close()
	p.force()
}

// Kill sends SIGTERM.
func (p *Process) Kill() {
	p.cmd.Process.Signal(syscall.SIGTERM)
	p.force()
}

func (p *Process) force() {
	select {
	case <-p.wait().Done():
	case <-time.After(p.grace):
		p.cmd.Process.Kill()
		<-p.ended.Done()
	}
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
