// Package ipc is chapter 16: processes that have no memory in common, and five ways in which
// they work together all the same. A pipe with frames, memory that two processes map, a lock
// that keeps them apart, a queue that many of them use, and a manager that keeps a dict for
// all of them. In Python these are Pipe, shared_memory, Lock, Queue and Manager of
// multiprocessing.
//
// What is called a process here is any program of this machine, at any moment: it may be
// killed between any two of its instructions, and then it cleans up nothing.
//
// Unless a comment says otherwise, everything may be called by any number of goroutines at
// the same time, and leaves no goroutine of its own behind.
//
// Linux and macOS have all that is needed in package syscall. Windows has other files, and a
// lock that is not in there: use WSL.
package ipc

import (
	"errors"
	"io"
	"os/exec"
)

const (
	// MaxFrame is how many bytes a message may have.
	MaxFrame = 1 << 20
	// SlotSize is how many bytes an item of a Queue takes up in its pipe. A pipe takes a
	// Write of up to 512 bytes whole or not at all, whoever else writes to it; POSIX
	// promises that, and calls it PIPE_BUF.
	SlotSize = 512
	// MaxItem is how many bytes an item of a Queue may have.
	MaxItem = SlotSize - 4
)

var (
	// ErrTooLarge says that a message has more than MaxFrame bytes, or an item more than MaxItem.
	ErrTooLarge = errors.New("message too large")
	// ErrServed says that a living manager serves at that path already.
	ErrServed = errors.New("a manager serves here already")
)

// WriteFrame writes a message to w so that ReadFrame finds out where it ends: its length in
// 4 bytes, the highest first, and then the message. A message of no bytes is a message.
//
// If there are more than MaxFrame bytes WriteFrame writes nothing and returns ErrTooLarge. If
// w returns an error, WriteFrame returns that, alone or wrapped. It neither changes nor keeps
// the message. Frames that are written to one w at the same time may get mixed up.
func WriteFrame(w io.Writer, message []byte) error {
	// TODO(16.1): a pipe knows no messages, only bytes. Say how many are coming.
	return nil
}

// ReadFrame reads one frame from r, and not a byte more, and returns the message in it. However
// few bytes a Read of r returns, ReadFrame waits for all of them.
//
// If r ends (io.EOF) where a frame would begin, ReadFrame returns io.EOF. If it ends in the
// midst of one, be it in the length or right after it, ReadFrame returns io.ErrUnexpectedEOF:
// whoever wrote it is dead. If the length is more than MaxFrame it returns ErrTooLarge, and
// reads no further. Another error of r it returns, alone or wrapped. With an error there is no
// message, not even a part of one.
func ReadFrame(r io.Reader) ([]byte, error) {
	// TODO(16.1): one Read returns what is there, which may be a single byte.
	return nil, nil
}

// A Conn is one end of a duplex pipe: it sends messages and receives messages. In Python,
// multiprocessing.connection.Connection.
type Conn struct {
	// TODO(16.2): who may write while somebody else writes? And who may read meanwhile?
}

// NewConn returns a Conn that receives the frames of r and sends frames to w, as ReadFrame and
// WriteFrame have them. A socket may be both r and w. The Conn calls one Read at a time and one
// Write at a time, but a Read and a Write at the same time; Close at any time.
func NewConn(r io.ReadCloser, w io.WriteCloser) *Conn {
	// TODO(16.2): keep both.
	return &Conn{}
}

// Send sends a message, and returns when w has taken all of it, or with the error that
// WriteFrame returns. A message arrives whole: several that are sent at the same time arrive
// one after the other. A Send never waits for a Recv of the same Conn.
func (c *Conn) Send(message []byte) error {
	// TODO(16.2): one message at a time.
	return nil
}

// Recv waits for the next message and returns it, or the error that ReadFrame returns: io.EOF
// if the other end has closed, io.ErrUnexpectedEOF if it did so in the midst of a message. Of
// several Recvs at the same time each gets a message of its own, whole.
func (c *Conn) Recv() ([]byte, error) {
	// TODO(16.2): one message at a time.
	return nil, nil
}

// CloseWrite tells the other end that there will be no more messages: it waits for the Sends
// that are under way, and closes w. Every later Send returns an error. Recv goes on as before,
// unless w is r, too: whether a socket is closed then, or only its half, is for you to decide.
// To call it again does no harm; what it returns then is for you to decide.
func (c *Conn) CloseWrite() error {
	// TODO(16.2): do not cut a message in two.
	return nil
}

// Close closes w and r at once, whoever uses them. That ends a Send or a Recv that is waiting,
// with an error, if r and w are pipes or sockets. What Close returns is for you to decide.
func (c *Conn) Close() error {
	// TODO(16.2): close both.
	return nil
}

// Start starts cmd, with a duplex pipe between this process and the standard input and output
// of that one, and returns this end of it. The other end is NewConn(os.Stdin, os.Stdout) in
// the child; what else the child prints to its standard output would be read as a frame.
//
// When the child has closed its standard output, or has ended in whatever way, Recv returns
// what was sent before, and then io.EOF or io.ErrUnexpectedEOF. When CloseWrite has been
// called the child finds the end of its input. No other child that is started, by Start or
// otherwise, keeps either from happening.
//
// The caller calls cmd.Wait, as for any command, before or after receiving what the child has
// sent: Wait takes nothing away. If Start returns an error nothing is left of it: no process,
// and no open file. It uses cmd once, sets its Stdin and Stdout and no other field, and starts
// no goroutine.
func Start(cmd *exec.Cmd) (*Conn, error) {
	// TODO(16.2): two pipes have four ends. Who keeps which?
	return NewConn(nil, nil), nil
}
