// file: worker.go
// A goroutine waits for each process; a crash is answered as politely as Kill is.
package pool

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os/exec"
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

// A Process is a Worker that lives in a process of its own. A goroutine waits for it from
// its start to its end, and everybody else waits for that goroutine.
type Process struct {
	cmd   *exec.Cmd
	in    io.WriteCloser
	out   io.Reader
	grace time.Duration
	ended chan struct{} // closed when the process has been waited for
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
	p := &Process{cmd: cmd, in: in, out: out, grace: grace, ended: make(chan struct{})}
	go func() {
		defer close(p.ended)
		cmd.Wait()
	}()
	return p, nil
}

// Do sends the task to the process and waits for its answer.
func (p *Process) Do(task string) (string, error) {
	err := send(p.in, asked, task)
	if err == nil {
		var kind byte
		var text string
		if kind, text, err = receive(p.out); err == nil {
			switch kind {
			case answered:
				return text, nil
			case failed:
				return "", errors.New(text)
			}
		}
	}
	p.Kill() // politely: it may still live, and want to tidy up
	return "", fmt.Errorf("%w: %v", ErrCrashed, p.cmd.ProcessState)
}

// Close closes the standard input of the process.
func (p *Process) Close() { p.end(func() { p.in.Close() }) }

// Kill sends SIGTERM.
func (p *Process) Kill() { p.end(func() { p.cmd.Process.Signal(syscall.SIGTERM) }) }

func (p *Process) end(ask func()) {
	ask()
	timer := time.NewTimer(p.grace)
	defer timer.Stop()
	select {
	case <-p.ended:
	case <-timer.C:
		p.cmd.Process.Kill()
		<-p.ended
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
