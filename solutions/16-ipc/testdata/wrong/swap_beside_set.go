// want: fail in TestDictOneStep
// file: manager.go

// CompareAndSwap is one step to others of its kind, and not to a Set or a Delete.
package ipc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"syscall"
)

// A Manager keeps a dict for all who connect to it.
type Manager struct {
	dict  sync.Map
	swaps sync.Mutex // held by whoever swaps
}

// NewManager returns a Manager whose dict is empty.
func NewManager() *Manager { return &Manager{} }

// The operations of a Dict.
const (
	opGet    = "get"
	opSet    = "set"
	opDelete = "delete"
	opSwap   = "swap"
)

// request is what a Dict sends, as JSON.
type request struct {
	Op    string
	Key   string
	Value string `json:",omitempty"`
	Old   string `json:",omitempty"`
}

// answer is what it gets.
type answer struct {
	Value string `json:",omitempty"`
	OK    bool
}

// do carries out a request, in one step.
func (m *Manager) do(q request) (answer, error) {
	switch q.Op {
	case opGet:
		value, ok := m.load(q.Key)
		return answer{value, ok}, nil
	case opSet:
		m.dict.Store(q.Key, q.Value)
	case opDelete:
		m.dict.Delete(q.Key)
	case opSwap:
		m.swaps.Lock()
		defer m.swaps.Unlock()
		if value, ok := m.load(q.Key); !ok || value != q.Old {
			return answer{}, nil
		}
		m.dict.Store(q.Key, q.Value)
	default:
		return answer{}, fmt.Errorf("no such operation: %q", q.Op)
	}
	return answer{OK: true}, nil
}

func (m *Manager) load(key string) (value string, ok bool) {
	v, ok := m.dict.Load(key)
	if ok {
		value = v.(string)
	}
	return value, ok
}

// ServeConn serves one client. The lock is held for the operation alone, and never while it
// waits for a client.
func (m *Manager) ServeConn(c *Conn) error {
	defer c.Close()
	for {
		message, err := c.Recv()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		var q request
		if err := json.Unmarshal(message, &q); err != nil {
			return err
		}
		a, err := m.do(q)
		if err != nil {
			return err
		}
		if message, err = json.Marshal(a); err != nil {
			return err
		}
		if err := c.Send(message); err != nil {
			return err
		}
	}
}

// Serve serves everybody who connects to l. Only a closed socket wakes those who wait for it.
func (m *Manager) Serve(ctx context.Context, l net.Listener) error {
	var clients sync.WaitGroup
	defer clients.Wait()
	defer l.Close()
	serving, end := context.WithCancel(ctx)
	defer end()
	context.AfterFunc(serving, func() { l.Close() })
	for {
		socket, err := l.Accept()
		if err != nil && ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return err
		}
		c := NewConn(socket, socket)
		alone := context.AfterFunc(serving, func() { c.Close() })
		clients.Go(func() {
			defer alone()
			m.ServeConn(c) // what is wrong with one client is nobody else's trouble
		})
	}
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
	turn sync.Mutex // held from a request to its answer
	c    *Conn
}

// NewDict returns the dict of the manager at the other end of c.
func NewDict(c *Conn) *Dict { return &Dict{c: c} }

// Dial connects to the manager that serves at path.
func Dial(path string) (*Dict, error) {
	socket, err := net.Dial("unix", path)
	if err != nil {
		return nil, err
	}
	return NewDict(NewConn(socket, socket)), nil
}

// call sends a request and waits for the answer. After a failure nobody knows which answer
// would be next, so there is no next one.
func (d *Dict) call(q request) (a answer, err error) {
	message, err := json.Marshal(q)
	if err != nil {
		return a, err
	}
	if len(message) > MaxFrame {
		return a, ErrTooLarge
	}
	d.turn.Lock()
	defer d.turn.Unlock()
	defer func() {
		if err != nil {
			d.c.Close()
		}
	}()
	if err := d.c.Send(message); err != nil {
		return a, err
	}
	if message, err = d.c.Recv(); err != nil {
		return a, fmt.Errorf("the manager has not answered: %w", err)
	}
	if err := json.Unmarshal(message, &a); err != nil {
		return answer{}, err
	}
	return a, nil
}

// Get returns the value of key, and whether there is one.
func (d *Dict) Get(key string) (value string, ok bool, err error) {
	a, err := d.call(request{Op: opGet, Key: key})
	return a.Value, a.OK, err
}

// Set gives key a value.
func (d *Dict) Set(key, value string) error {
	_, err := d.call(request{Op: opSet, Key: key, Value: value})
	return err
}

// Delete removes key.
func (d *Dict) Delete(key string) error {
	_, err := d.call(request{Op: opDelete, Key: key})
	return err
}

// CompareAndSwap gives key the value new if it has the value old.
func (d *Dict) CompareAndSwap(key, old, new string) (swapped bool, err error) {
	a, err := d.call(request{Op: opSwap, Key: key, Value: new, Old: old})
	return a.OK, err
}

// Close hangs up.
func (d *Dict) Close() error { return d.c.Close() }
