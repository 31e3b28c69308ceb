package ipc

import (
	"context"
	"net"
)

// A Manager keeps a dict of strings for all who connect to it. In Python, the process behind
// multiprocessing.Manager().dict(). A request is one frame and its answer is another; what is
// in them is for you to decide.
type Manager struct {
	// TODO(16.5): the dict, and what guards it.
}

// NewManager returns a Manager whose dict is empty.
func NewManager() *Manager {
	// TODO(16.5): make it.
	return &Manager{}
}

// ServeConn serves one client: it receives requests and sends answers, until the client hangs
// up or c returns an error, and then closes c. It returns nil if the client hung up between two
// requests, otherwise an error.
//
// Each operation of a Dict is one step to all the clients. A request that makes no sense, cut
// off, too large or garbage, is an error for this client at most: nothing panics, the
// dict stays as it is, and the others notice nothing.
func (m *Manager) ServeConn(c *Conn) error {
	// TODO(16.5): receive, look up, answer, again.
	return nil
}

// Serve serves everybody who connects to l, all at the same time: a client that says nothing,
// or takes no answers, keeps nobody waiting. When ctx ends it closes l and all connections to
// it, and returns nil when the last of them is no longer served. If l fails for another reason it
// does the same, and returns the error. It leaves no goroutine behind.
func (m *Manager) Serve(ctx context.Context, l net.Listener) error {
	// TODO(16.5): a goroutine for each client, and an end for all of them.
	return nil
}

// Listen returns a Unix socket at path for Serve. Path is short: 100 bytes have room.
//
// A manager that was killed leaves the file of its socket behind, and nobody can listen there.
// Listen finds out: if somebody listens at path it returns ErrServed, alone or wrapped, and
// disturbs nothing; if it is the socket of a dead one, which refuses whoever connects, it takes
// its place. Anything else at path is left alone, and is an error. Of several that find a dead
// one at the same time one takes its place, and the others return an error. If Listen needs a
// file of its own, it is path with ".lock" at the end.
//
// The listener may be closed twice, even if somebody else listens at path by then.
func Listen(path string) (net.Listener, error) {
	// TODO(16.5): is anybody there?
	return nil, ErrServed
}

// A Dict is a client's view of a manager's dict. In Python, the proxy that
// multiprocessing.Manager().dict() returns. Keys and values are any text, in UTF-8.
//
// Each operation is a request to the manager and waits for the answer. Several at the same
// time each get the answer to their own. If the manager hangs up, before or in the midst of an
// answer, or says what makes no sense, the operation returns an error, and so does
// every later one. If a request does not fit into a frame the operation returns ErrTooLarge,
// nothing has changed, and the Dict is still good.
//
// A Dict may have a goroutine of its own until it is closed or the manager hangs up. Nobody
// else uses its Conn.
type Dict struct {
	// TODO(16.5): the connection, and whose turn it is.
}

// NewDict returns the dict of the manager at the other end of c.
func NewDict(c *Conn) *Dict {
	// TODO(16.5): keep it.
	return &Dict{}
}

// Dial connects to the manager that serves at path, and returns its dict.
func Dial(path string) (*Dict, error) {
	// TODO(16.5): connect.
	return NewDict(nil), nil
}

// Get returns the value of key, and whether there is one.
func (d *Dict) Get(key string) (value string, ok bool, err error) {
	// TODO(16.5): ask.
	return "", false, nil
}

// Set gives key a value.
func (d *Dict) Set(key, value string) error {
	// TODO(16.5): ask.
	return nil
}

// Delete removes key. That there is none is no error.
func (d *Dict) Delete(key string) error {
	// TODO(16.5): ask.
	return nil
}

// CompareAndSwap gives key the value new if it has the value old, in one step, and reports
// whether it has. A key without a value has none that is old.
func (d *Dict) CompareAndSwap(key, old, new string) (swapped bool, err error) {
	// TODO(16.5): ask.
	return false, nil
}

// Close hangs up at once: an operation that waits for its answer returns an error. What Close
// returns is for you to decide.
func (d *Dict) Close() error {
	// TODO(16.5): hang up.
	return nil
}
