// file: manager.go

// Requests have numbers, and the manager does each on a goroutine of its own: answers come in any order.
package ipc

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
)

// A Manager keeps a dict, which many may read at the same time.
type Manager struct {
	mu   sync.RWMutex
	dict map[string]string
}

// NewManager returns a Manager whose dict is empty.
func NewManager() *Manager { return &Manager{dict: make(map[string]string)} }

type request struct {
	ID    uint64  `json:"i"`
	Op    string  `json:"o"`
	Key   *string `json:"k"`
	Value *string `json:"v,omitempty"`
	Old   *string `json:"w,omitempty"`
}

type answer struct {
	ID    uint64 `json:"i"`
	OK    *bool  `json:"o"`
	Value string `json:"v,omitempty"`
}

var errProtocol = errors.New("ipc: protocol error")

func (m *Manager) do(q request) (a answer, err error) {
	a.ID, a.OK = q.ID, new(bool)
	if q.Key == nil || q.ID == 0 {
		return a, errProtocol
	}
	switch {
	case q.Op == "get":
		m.mu.RLock()
		defer m.mu.RUnlock()
		a.Value, *a.OK = m.dict[*q.Key]
	case q.Op == "del":
		m.mu.Lock()
		defer m.mu.Unlock()
		delete(m.dict, *q.Key)
	case q.Op == "set" && q.Value != nil:
		m.mu.Lock()
		defer m.mu.Unlock()
		m.dict[*q.Key] = *q.Value
	case q.Op == "cas" && q.Value != nil && q.Old != nil:
		m.mu.Lock()
		defer m.mu.Unlock()
		if value, ok := m.dict[*q.Key]; ok && value == *q.Old {
			m.dict[*q.Key] = *q.Value
			*a.OK = true
		}
	default:
		return a, errProtocol
	}
	return a, nil
}

// ServeConn serves one client. The first thing that goes wrong ends it.
func (m *Manager) ServeConn(c *Conn) error {
	ctx, fail := context.WithCancelCause(context.Background())
	defer fail(nil)
	var answering sync.WaitGroup
	for {
		message, err := c.Recv()
		if err == io.EOF {
			break
		}
		var q request
		if err == nil {
			err = json.Unmarshal(message, &q)
		}
		if err != nil {
			fail(err)
			break
		}
		answering.Go(func() {
			a, err := m.do(q)
			var message []byte
			if err == nil {
				message, err = json.Marshal(a)
			}
			if err == nil {
				err = c.Send(message)
			}
			if err != nil {
				fail(err)
				c.Close()
			}
		})
	}
	if ctx.Err() != nil {
		c.Close() // nobody waits for a client that takes no answers
	}
	answering.Wait()
	c.Close()
	return context.Cause(ctx)
}

// Serve serves everybody.
func (m *Manager) Serve(ctx context.Context, l net.Listener) (err error) {
	var (
		clients sync.WaitGroup
		mu      sync.Mutex
		ended   bool
		open    = map[net.Conn]struct{}{}
	)
	end := sync.OnceFunc(func() {
		l.Close()
		mu.Lock()
		defer mu.Unlock()
		ended = true
		for socket := range open {
			socket.Close()
		}
	})
	told := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(told)
		end()
	})
	for {
		var socket net.Conn
		if socket, err = l.Accept(); err != nil {
			break
		}
		mu.Lock()
		if ended {
			mu.Unlock()
			socket.Close()
			continue
		}
		open[socket] = struct{}{}
		mu.Unlock()
		clients.Go(func() {
			m.ServeConn(NewConn(socket, socket))
			mu.Lock()
			defer mu.Unlock()
			delete(open, socket)
		})
	}
	if !stop() {
		<-told
		err = nil
	}
	end()
	clients.Wait()
	return err
}

// Listen returns a Unix socket at path. To call is the only way to find out whether somebody
// lives there. The lock is for two that start at once: the later must not take a socket away
// that the earlier has just made.
func Listen(path string) (net.Listener, error) {
	lock, err := OpenLock(path + ".lock")
	if err != nil {
		return nil, err
	}
	defer lock.Close()
	if err := lock.Lock(); err != nil {
		return nil, err
	}
	defer lock.Unlock()
	if info, err := os.Lstat(path); err == nil && info.Mode()&os.ModeSocket != 0 {
		socket, err := net.Dial("unix", path)
		if err == nil {
			socket.Close()
			return nil, ErrServed
		}
		if errors.Is(err, syscall.EAGAIN) { // he lives, and as many as may are waiting for him
			return nil, ErrServed
		}
		if !errors.Is(err, syscall.ECONNREFUSED) {
			return nil, err
		}
		if err := os.Remove(path); err != nil {
			return nil, err
		}
	}
	return net.Listen("unix", path)
}

// A Dict is a client's view of a manager's dict.
type Dict struct {
	c    *Conn
	last atomic.Uint64 // number of a request

	mu      sync.Mutex
	err     error                    // why it is of no more use
	waiting map[uint64]chan<- answer // each has room for one
}

// NewDict starts the goroutine that receives the answers.
func NewDict(c *Conn) *Dict {
	d := &Dict{c: c, waiting: map[uint64]chan<- answer{}}
	go func() {
		err := d.receive()
		c.Close()
		d.mu.Lock()
		defer d.mu.Unlock()
		d.err = err
		for _, to := range d.waiting {
			close(to)
		}
		clear(d.waiting)
	}()
	return d
}

// receive hands out the answers until something goes wrong.
func (d *Dict) receive() error {
	for {
		message, err := d.c.Recv()
		if err != nil {
			return errors.Join(errProtocol, err)
		}
		var a answer
		if err := json.Unmarshal(message, &a); err != nil {
			return err
		}
		d.mu.Lock()
		to := d.waiting[a.ID]
		delete(d.waiting, a.ID)
		d.mu.Unlock()
		if to == nil || a.OK == nil {
			if to != nil {
				close(to)
			}
			return errProtocol
		}
		to <- a
	}
}

// Dial connects.
func Dial(path string) (*Dict, error) {
	socket, err := net.Dial("unix", path)
	if err != nil {
		return nil, err
	}
	return NewDict(NewConn(socket, socket)), nil
}

func (d *Dict) call(q request) (value string, ok bool, err error) {
	q.ID = d.last.Add(1)
	message, err := json.Marshal(q)
	if err != nil {
		return "", false, err
	}
	if len(message) > MaxFrame {
		return "", false, ErrTooLarge
	}
	comes := make(chan answer, 1)
	d.mu.Lock()
	if err := d.err; err != nil {
		d.mu.Unlock()
		return "", false, err
	}
	d.waiting[q.ID] = comes
	d.mu.Unlock()
	if err := d.c.Send(message); err != nil {
		d.c.Close()
		return "", false, err
	}
	a, there := <-comes
	if !there {
		return "", false, errProtocol
	}
	return a.Value, *a.OK, nil
}

// Get asks.
func (d *Dict) Get(key string) (value string, ok bool, err error) {
	return d.call(request{Op: "get", Key: &key})
}

// Set asks.
func (d *Dict) Set(key, value string) error {
	_, _, err := d.call(request{Op: "set", Key: &key, Value: &value})
	return err
}

// Delete asks.
func (d *Dict) Delete(key string) error {
	_, _, err := d.call(request{Op: "del", Key: &key})
	return err
}

// CompareAndSwap asks.
func (d *Dict) CompareAndSwap(key, old, new string) (swapped bool, err error) {
	_, swapped, err = d.call(request{Op: "cas", Key: &key, Value: &new, Old: &old})
	return swapped, err
}

// Close hangs up.
func (d *Dict) Close() error { return d.c.Close() }
