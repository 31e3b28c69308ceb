// want: deadlock in TestCloseWrite

// CloseWrite waits for a Recv, which waits for what the other end would say after that.
package ipc

import (
	"encoding/binary"
	"errors"
	"io"
	"os"
	"os/exec"
	"sync"
)

const (
	// MaxFrame is how many bytes a message may have.
	MaxFrame = 1 << 20
	// SlotSize is how many bytes an item of a Queue takes up in its pipe.
	SlotSize = 512
	// MaxItem is how many bytes an item of a Queue may have.
	MaxItem = SlotSize - headerSize

	headerSize = 4
)

var (
	// ErrTooLarge says that a message has more than MaxFrame bytes, or an item more than MaxItem.
	ErrTooLarge = errors.New("message too large")
	// ErrServed says that a living manager serves at that path already.
	ErrServed = errors.New("a manager serves here already")
)

// WriteFrame writes the length of a message and the message. One Write for both: on the way
// to a pipe that is half the system calls, and a small frame is not cut in two.
func WriteFrame(w io.Writer, message []byte) error {
	if len(message) > MaxFrame {
		return ErrTooLarge
	}
	frame := binary.BigEndian.AppendUint32(make([]byte, 0, headerSize+len(message)), uint32(len(message)))
	_, err := w.Write(append(frame, message...))
	return err
}

// ReadFrame reads one frame. A bufio.Reader made here would read ahead, and take the next
// frame with it to the grave.
func ReadFrame(r io.Reader) ([]byte, error) {
	var header [headerSize]byte
	if _, err := io.ReadFull(r, header[:]); err != nil {
		return nil, err
	}
	size := binary.BigEndian.Uint32(header[:])
	if size > MaxFrame { // whoever reads must not believe in four gigabytes
		return nil, ErrTooLarge
	}
	message := make([]byte, size)
	switch _, err := io.ReadFull(r, message); err {
	case nil:
		return message, nil
	case io.EOF: // to ReadFull nothing had begun; we know better
		return nil, io.ErrUnexpectedEOF
	default:
		return nil, err
	}
}

// A Conn is one end of a duplex pipe. Two locks: with one, a Recv that waits would keep
// everybody from sending what it waits for.
type Conn struct {
	sending sync.Mutex // held from the first byte of a frame to the last
	w       io.WriteCloser

	receiving sync.Mutex // likewise
	r         io.ReadCloser
}

// NewConn returns a Conn that receives from r and sends to w.
func NewConn(r io.ReadCloser, w io.WriteCloser) *Conn { return &Conn{r: r, w: w} }

// Send sends a message.
func (c *Conn) Send(message []byte) error {
	c.sending.Lock()
	defer c.sending.Unlock()
	return WriteFrame(c.w, message)
}

// Recv waits for the next message.
func (c *Conn) Recv() ([]byte, error) {
	c.receiving.Lock()
	defer c.receiving.Unlock()
	return ReadFrame(c.r)
}

// CloseWrite tells the other end that there will be no more.
func (c *Conn) CloseWrite() error {
	c.sending.Lock()
	defer c.sending.Unlock()
	c.receiving.Lock()
	defer c.receiving.Unlock()
	return c.w.Close()
}

// Close closes both, and takes no lock: whoever holds one may be waiting for this.
func (c *Conn) Close() error { return errors.Join(c.w.Close(), c.r.Close()) }

// Start starts cmd at the other end of a duplex pipe. Files and not cmd.StdoutPipe: that one
// is closed by Wait, with what nobody has read yet.
func Start(cmd *exec.Cmd) (*Conn, error) {
	theirIn, ourOut, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	// The child has copies of its ends. Ours would keep the pipes open when it is dead.
	defer theirIn.Close()
	ourIn, theirOut, err := os.Pipe()
	if err != nil {
		ourOut.Close()
		return nil, err
	}
	defer theirOut.Close()
	cmd.Stdin, cmd.Stdout = theirIn, theirOut
	if err := cmd.Start(); err != nil {
		ourOut.Close()
		ourIn.Close()
		return nil, err
	}
	return NewConn(ourIn, ourOut), nil
}
