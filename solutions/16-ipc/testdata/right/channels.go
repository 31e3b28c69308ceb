// Frames in two Writes, channels for locks, the child's input by StdinPipe.
package ipc

import (
	"errors"
	"io"
	"os"
	"os/exec"
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

// WriteFrame writes a frame.
func WriteFrame(w io.Writer, message []byte) error {
	n := len(message)
	if n > MaxFrame {
		return ErrTooLarge
	}
	if _, err := w.Write([]byte{0, byte(n >> 16), byte(n >> 8), byte(n)}); err != nil {
		return err
	}
	if n == 0 {
		return nil
	}
	_, err := w.Write(message)
	return err
}

// ReadFrame reads a frame.
func ReadFrame(r io.Reader) ([]byte, error) {
	header := make([]byte, headerSize)
	n, err := read(r, header)
	if n > 0 && n < headerSize && err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	if n < headerSize {
		return nil, err
	}
	size := 0
	for _, b := range header {
		size = size<<8 | int(b)
	}
	if size > MaxFrame {
		return nil, ErrTooLarge
	}
	message := make([]byte, size)
	if n, err = read(r, message); n == size {
		return message, nil
	}
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return nil, err
}

// read fills data; there is an error only if it cannot.
func read(r io.Reader, data []byte) (int, error) {
	done := 0
	for done < len(data) {
		n, err := r.Read(data[done:])
		done += n
		if err != nil && done < len(data) {
			return done, err
		}
	}
	return done, nil
}

// A Conn is one end of a duplex pipe.
type Conn struct {
	r chan io.ReadCloser
	w chan io.WriteCloser

	closeR, closeW func() error
}

// NewConn returns a Conn.
func NewConn(r io.ReadCloser, w io.WriteCloser) *Conn {
	c := &Conn{r: make(chan io.ReadCloser, 1), w: make(chan io.WriteCloser, 1)}
	c.r <- r
	c.w <- w
	c.closeR = func() error { return r.Close() }
	c.closeW = func() error { return w.Close() }
	return c
}

// Send sends a message.
func (c *Conn) Send(message []byte) error {
	w := <-c.w
	defer func() { c.w <- w }()
	return WriteFrame(w, message)
}

// Recv receives a message.
func (c *Conn) Recv() ([]byte, error) {
	r := <-c.r
	defer func() { c.r <- r }()
	return ReadFrame(r)
}

// CloseWrite closes w.
func (c *Conn) CloseWrite() error {
	w := <-c.w
	defer func() { c.w <- w }()
	return w.Close()
}

// Close closes both.
func (c *Conn) Close() error {
	c.closeR()
	c.closeW()
	return nil
}

// Start starts cmd.
func Start(cmd *exec.Cmd) (*Conn, error) {
	r, stdout, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	cmd.Stdout = stdout
	w, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	stdout.Close()
	if err != nil {
		r.Close()
		return nil, err
	}
	return NewConn(r, w), nil
}
